import type { Granularity, UsageAnswer } from '@meterwire/client';
import { bucketLabel, dayInZone, isPartial } from '../../logic/dates.ts';
import { METRIC_LABEL, type ShownMetric, shownValue } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';

export interface TipProps {
  answer: UsageAnswer;
  metric: ShownMetric;
  granularity: Granularity;
  index: number;
  /** The middle of the bar and the width of the whole chart. */
  x: number;
  frameWidth: number;
  canOpen: boolean;
}

const TIP_WIDTH = 208;

/** What one bar says, beside the bar. Screen readers hear the bar's own name instead. */
export function Tip({ answer, metric, granularity, index, x, frameWidth, canOpen }: TipProps) {
  const bucket = answer.buckets[index];
  const values = answer.series[index];
  if (!bucket || !values) return null;
  const year = dayInZone(answer.as_of, answer.tz).slice(0, 4);
  const now = shownValue(values, metric);
  const previousBucket = answer.compared?.buckets[index];
  const previous = answer.compared?.series[index];
  const left = Math.max(0, Math.min(frameWidth - TIP_WIDTH, x - TIP_WIDTH / 2));
  return (
    <div className="mw-tip" style={{ left, width: TIP_WIDTH }} aria-hidden="true">
      <p className="mw-tip-title">
        {bucketLabel(bucket.label, granularity, year)}
        {isPartial(bucket, answer.as_of) && ', so far'}
      </p>
      <p className="mw-tip-row">
        <span>{METRIC_LABEL[metric]}</span>
        <strong>{now.exact}</strong>
      </p>
      {now.unpricedCalls > 0 && (
        <p className="mw-tip-row mw-tip-note">{countOf(now.unpricedCalls, 'call')} without a price</p>
      )}
      {previous && previousBucket && (
        <p className="mw-tip-row mw-tip-previous">
          <span>{bucketLabel(previousBucket.label, granularity, year)}</span>
          <span>{shownValue(previous, metric).exact}</span>
        </p>
      )}
      {canOpen && <p className="mw-tip-hint">Click to open this {granularity}</p>}
    </div>
  );
}
