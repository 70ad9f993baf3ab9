'use client';

import type { Standing } from '@meterwire/client';
import { type ReactNode, useId } from 'react';
import {
  exactAmount,
  metricLabel,
  percentageOf,
  percentText,
  resetWords,
  shownAmount,
  toneOf,
  unitBeside,
} from '../../logic/limits/words.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';

export interface MetricQuotaProps {
  /** The metric's name, such as `api_calls`. */
  metric: string;
  standing: Standing;
  unit?: string | null | undefined;
  /** The zone in which the metric's days begin. */
  zone: string;
  now: Date;
  /** More about it, such as where the limit comes from. */
  note?: ReactNode;
}

/** Where one user stands on one metric: used, limit, what is left, and when it starts again. */
export function MetricQuota({ metric, standing, unit, zone, now, note }: MetricQuotaProps) {
  const titleId = useId();
  const { current, held, limit, remaining, resets_at } = standing;
  const percentage = percentageOf(standing);
  const tone = toneOf(percentage);
  const { left, moment } = resetWords(resets_at, zone, now);
  const shown = (value: number) => shownAmount(metric, value, unit);
  const beside = unitBeside(metric, unit);
  const ofLimit = limit === null ? '' : `${shown(current)} of ${shown(limit)}${beside && ` ${beside}`}`;
  return (
    <section className={`mw-quota mw-quota-${tone}`} aria-labelledby={titleId}>
      <header className="mw-quota-head">
        <h3 className="mw-quota-title" id={titleId}>
          {metricLabel(metric)}
        </h3>
        {percentage !== null && <span className="mw-quota-percent">{percentText(percentage)}</span>}
      </header>
      <p className="mw-quota-value" title={exactAmount(metric, current)}>
        <strong>{shown(current)}</strong>{' '}
        <span className="mw-quota-of">
          {limit === null ? `${beside && `${beside} `}used` : `of ${shown(limit)}${beside && ` ${beside}`}`}
        </span>
      </p>
      {limit === null || percentage === null ? (
        <p className="mw-quota-unlimited">Unlimited</p>
      ) : (
        <ProgressBar
          percentage={percentage}
          heldPercentage={limit > 0 ? (held / limit) * 100 : 0}
          label={metricLabel(metric)}
          valueText={`${ofLimit}, ${percentText(percentage)}`}
          tone={tone}
        />
      )}
      <p className="mw-quota-words">
        {[
          remaining === null ? '' : remainingText(tone, shown(remaining)),
          held > 0 ? `${shown(held)} held` : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="mw-quota-words">
        <span className="mw-quota-line">{moment ? `${left},` : left}</span>{' '}
        <span className="mw-quota-line">{moment}</span>
      </p>
      {note && <p className="mw-quota-words">{note}</p>}
    </section>
  );
}

function remainingText(tone: string, remaining: string): string {
  return tone === 'full' ? 'Nothing left' : `${remaining} left`;
}
