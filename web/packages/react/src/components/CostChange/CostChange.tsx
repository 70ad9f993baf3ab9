'use client';

import type { CostExplanation } from '@meterwire/client';
import { useState } from 'react';
import { useCostChange } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import type { CompareChoice } from '../../logic/compare.ts';
import { describeCostChange, type Step, stepsOf } from '../../logic/costChange.ts';
import { comparedSpan, dayInZone, instantSpan } from '../../logic/dates.ts';
import { type Drill, drillOf } from '../../logic/drill.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { LogLink } from '../LogLink/LogLink.tsx';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { LargestChanges } from './LargestChanges.tsx';
import { ModelEffects } from './ModelEffects.tsx';

const TITLE = 'Why the cost changed';

/** The difference to another period, taken apart into price, volume and mix of models. */
export function CostChange({ compare }: { compare: CompareChoice }) {
  const query = useCostChange(compare);
  const { data, error, isPlaceholderData } = query;
  const [asTable, setAsTable] = useState(false);
  const isOff = compare.with === 'none';
  const isEmpty = data !== undefined && data.models.length === 0;
  return (
    <Card
      title={TITLE}
      busy={isPlaceholderData}
      className="mw-card-change"
      summary={data && !error && !isOff && !isEmpty && describeCostChange(data)}
      actions={
        data &&
        !error &&
        !isOff &&
        !isEmpty && <TableToggle what={TITLE} asTable={asTable} onChange={setAsTable} />
      }
    >
      {isOff ? (
        <EmptyRange>Choose what to compare with to see why the cost changed.</EmptyRange>
      ) : (
        <Asked query={query} label="why the cost changed" skeleton="mw-skeleton-breakdown">
          {(answer) =>
            answer.models.length === 0 ? (
              <EmptyRange>Nothing was called in either period.</EmptyRange>
            ) : (
              <ChangeBody answer={answer} asTable={asTable} />
            )
          }
        </Asked>
      )}
    </Card>
  );
}

function ChangeBody({ answer, asTable }: { answer: CostExplanation; asTable: boolean }) {
  const { view } = useView();
  const { compared, tz } = answer;
  const year = dayInZone(answer.as_of, tz).slice(0, 4);
  const now = drillOf(view, answer, { from: answer.from, to: answer.to });
  const before = drillOf(view, answer, { from: compared.from, to: compared.to });
  const unpriced = answer.unpriced_calls + answer.compared_unpriced_calls;
  return (
    <Figure label={`${TITLE}. ${describeCostChange(answer)}`}>
      {asTable ? (
        <ModelEffects answer={answer} now={now} before={before} />
      ) : (
        <>
          <ol className="mw-steps-list">
            {stepsOf(answer).map((step) => (
              <StepRow
                key={step.key}
                step={step}
                span={
                  step.key === 'before'
                    ? comparedSpan(compared, tz, year)
                    : step.key === 'now'
                      ? instantSpan(answer.from, answer.to, tz)
                      : step.help
                }
                drill={step.key === 'before' ? before : step.key === 'now' ? now : null}
              />
            ))}
          </ol>
          <LargestChanges answer={answer} now={now} before={before} />
        </>
      )}
      <figcaption className="mw-figure-foot">
        <span>
          Price, volume and mix add up to the difference exactly. The table has them model by model.
        </span>
        {unpriced > 0 && (
          <span>
            <UnpricedLink calls={answer.unpriced_calls} drill={now} text={countOf(unpriced, 'call')} />{' '}
            without a price are in neither cost.
          </span>
        )}
      </figcaption>
    </Figure>
  );
}

interface StepRowProps {
  step: Step;
  /** When, or what it means. */
  span: string | undefined;
  drill: Drill | null;
}

function StepRow({ step, span, drill }: StepRowProps) {
  return (
    <li className={`mw-step mw-step-${step.direction}`}>
      <span className="mw-step-label">{step.label}</span>
      <span className="mw-step-help">{span}</span>
      <span className="mw-step-value">
        <LogLink drill={drill}>{step.text}</LogLink>
      </span>
      <span className="mw-step-track" aria-hidden="true">
        <span
          className="mw-step-bar"
          style={{ marginInlineStart: `${step.start}%`, width: `${Math.max(0, step.end - step.start)}%` }}
        />
      </span>
    </li>
  );
}
