'use client';

import type { UsageAnswer, UsageValues } from '@meterwire/client';
import type { ReactNode } from 'react';
import { useIsSample } from '../../hooks/useSource.ts';
import { useErrorStatuses, useKeyFigures } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { type Change, changeOf } from '../../logic/change.ts';
import type { CompareChoice } from '../../logic/compare.ts';
import { comparedSpan, dayInZone } from '../../logic/dates.ts';
import { type Drill, drillOf, narrowed } from '../../logic/drill.ts';
import { type ShownMetric, shownValue } from '../../logic/metric.ts';
import { divideUsd, formatUsd } from '../../logic/money.ts';
import { countOf, formatCompact, formatInteger } from '../../logic/number.ts';
import { pointsChange, successRate } from '../../logic/success.ts';
import { Icon } from '../Icon/Icon.tsx';
import { LogLink } from '../LogLink/LogLink.tsx';
import { SampleBadge } from '../SourceNotice/SampleBadge.tsx';
import { Asked } from '../States/Asked.tsx';
import { unpricedNote } from '../UsageSummary/UsageSummary.tsx';

export interface KeyFiguresProps {
  compare: CompareChoice;
}

/** Calls, tokens, cost and success of the range, each against another period and each leading to its rows. */
export function KeyFigures({ compare }: KeyFiguresProps) {
  const query = useKeyFigures(compare);
  const isSample = useIsSample();
  return (
    <div
      className="mw-stats mw-key-figures"
      role="group"
      aria-label={isSample ? 'Sample totals' : 'Totals'}
      aria-busy={query.isPlaceholderData}
    >
      <Asked query={query} label="totals" skeleton="mw-skeleton-figures">
        {(answer) => <Figures answer={answer} />}
      </Asked>
    </div>
  );
}

function Figures({ answer }: { answer: UsageAnswer }) {
  const { view } = useView();
  const errorStatuses = useErrorStatuses();
  const { total, compared } = answer;
  const all = drillOf(view, answer);
  const { calls = 0, errors = 0, input_tokens = 0, output_tokens = 0 } = total;
  const failed = errorStatuses.length > 0 ? narrowed(all, 'status', errorStatuses) : null;
  const failures = <LogLink drill={errors > 0 ? failed : null}>{formatInteger(errors)} failed</LogLink>;
  const perCall = divideUsd(total.cost_usd ?? '0', calls - (total.unpriced_calls ?? 0));
  const unpriced = shownValue(total, 'cost').unpricedCalls;
  return (
    <>
      <Figure label="API calls" answer={answer} metric="calls" drill={all}>
        {formatInteger(calls - errors)} succeeded · {failures}
      </Figure>
      <Figure label="Tokens" answer={answer} metric="tokens" drill={all}>
        <span title={`${formatInteger(input_tokens)} prompt, ${formatInteger(output_tokens)} completion`}>
          {formatCompact(input_tokens)} prompt · {formatCompact(output_tokens)} completion
        </span>
      </Figure>
      <Figure label="Cost" answer={answer} metric="cost" drill={all}>
        {unpriced > 0 ? unpricedNote(unpriced) : perCall && `${formatUsd(perCall)} a call`}
      </Figure>
      <FigureFrame
        label="Success rate"
        value={successRate(total)}
        change={<Points now={total} before={compared?.total} against={<Against answer={answer} />} />}
      >
        {calls === 0 ? (
          'no calls'
        ) : (
          <>
            {failures} of {countOf(calls, 'call')}
          </>
        )}
      </FigureFrame>
    </>
  );
}

/** What it is compared with, leading to the rows of then. */
function Against({ answer }: { answer: UsageAnswer }) {
  const { view } = useView();
  const { compared, tz, as_of } = answer;
  if (!compared) return null;
  const drill = (compared.total.calls ?? 0) > 0 ? drillOf(view, answer, compared) : null;
  return <LogLink drill={drill}>{comparedSpan(compared, tz, dayInZone(as_of, tz).slice(0, 4))}</LogLink>;
}

interface FigureProps {
  label: string;
  answer: UsageAnswer;
  metric: ShownMetric;
  drill: Drill;
  children: ReactNode;
}

function Figure({ label, answer, metric, drill, children }: FigureProps) {
  const { total, compared } = answer;
  const shown = shownValue(total, metric);
  return (
    <FigureFrame
      label={label}
      value={
        <LogLink drill={drill}>
          <span aria-hidden={shown.exact !== shown.text} title={shown.exact}>
            {shown.text}
          </span>
          {shown.exact !== shown.text && <span className="mw-hidden">{shown.exact}</span>}
        </LogLink>
      }
      change={
        compared && (
          <ChangeWords
            change={changeOf(total, compared.total, metric)}
            against={<Against answer={answer} />}
          />
        )
      }
    >
      {children}
    </FigureFrame>
  );
}

interface FigureFrameProps {
  label: string;
  value: ReactNode;
  change: ReactNode;
  children: ReactNode;
}

function FigureFrame({ label, value, change, children }: FigureFrameProps) {
  const isSample = useIsSample();
  return (
    <div className="mw-stat">
      <span className="mw-stat-label">
        {label}
        {isSample && <SampleBadge />}
      </span>
      <span className="mw-stat-value">{value}</span>
      {change && <span className="mw-stat-change">{change}</span>}
      <span className="mw-stat-note mw-key-note">{children}</span>
    </div>
  );
}

function ChangeWords({ change, against }: { change: Change; against: ReactNode }) {
  if (change.kind === 'no-previous') return <span className="mw-stat-against">Nothing in {against}</span>;
  if (change.kind === 'same') {
    return (
      <>
        <span>No change</span> <span className="mw-stat-against">from {against}</span>
      </>
    );
  }
  const isFromZero = change.kind === 'from-zero';
  const direction = isFromZero ? 'up' : change.direction;
  return (
    <>
      <span className="mw-stat-percent">
        <Icon name={direction} />
        {isFromZero ? (
          'Up from 0'
        ) : (
          <>
            <span className="mw-hidden">{direction} </span>
            {change.text}
          </>
        )}
      </span>{' '}
      <span className="mw-stat-against">
        {isFromZero ? 'in' : 'from'} {against}
      </span>
    </>
  );
}

interface PointsProps {
  now: UsageValues;
  before: UsageValues | undefined;
  against: ReactNode;
}

/** A rate changes in points, not in percent of itself. */
function Points({ now, before, against }: PointsProps) {
  const change = before && pointsChange(now, before);
  if (!change) return null;
  if (change.direction === 'same') {
    return (
      <>
        <span>No change</span> <span className="mw-stat-against">from {against}</span>
      </>
    );
  }
  return (
    <>
      <span className={`mw-stat-percent ${change.direction === 'up' ? 'mw-good' : 'mw-bad'}`}>
        <Icon name={change.direction} />
        <span className="mw-hidden">{change.direction} </span>
        {change.text}
      </span>{' '}
      <span className="mw-stat-against">from {against}</span>
    </>
  );
}
