import type { Granularity, UsageAnswer } from '@meterwire/client';
import type { Trend } from '../../logic/chart/trend.ts';
import { bucketLabel, dayInZone, isPartial } from '../../logic/dates.ts';
import { METRIC_LABEL, type ShownMetric, shownValue } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';
import type { PriceChange } from '../../logic/priceChanges.ts';
import { Swatch } from '../BreakdownChart/Marker.tsx';

export interface TrendTipProps {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  granularity: Granularity;
  beforeLabel: string;
  priceChanges: readonly PriceChange[];
  bar: number;
  part: number | null;
  /** The middle of the bar and the width of the whole chart. */
  x: number;
  frameWidth: number;
  opens: boolean;
  patternId: string;
}

const TIP_WIDTH = 288;

/** What one bar says and what it is made of, beside it. Screen readers hear the bar's own name instead. */
export function TrendTip(props: TrendTipProps) {
  const { answer, trend, metric, granularity, beforeLabel, priceChanges, bar, part, x, frameWidth } = props;
  const bucket = trend.buckets[bar];
  const whole = trend.whole[bar];
  if (!bucket || !whole) return null;
  const year = dayInZone(answer.as_of, answer.tz).slice(0, 4);
  const now = shownValue(whole, metric);
  const before = trend.before[bar];
  // The topmost part first, as the eye meets them.
  const parts = trend.dimension === null ? [] : trend.series.map((series, at) => ({ series, at })).reverse();
  const left = Math.max(0, Math.min(frameWidth - TIP_WIDTH, x - TIP_WIDTH / 2));
  return (
    <div className="mw-tip mw-trend-tip" style={{ left, width: TIP_WIDTH }} aria-hidden="true">
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
      {parts.map(({ series, at }) => {
        const shown = shownValue(series.values[bar] ?? {}, metric);
        if (shown.number === 0 && !shown.unknown) return null;
        return (
          <p className={`mw-tip-row mw-tip-part ${at === part ? 'mw-tip-part-active' : ''}`} key={at}>
            <Swatch series={series.look} idBase={props.patternId} />
            <span className="mw-tip-part-name">{series.name}</span>
            <span>{shown.exact}</span>
          </p>
        );
      })}
      {before && (
        <p className="mw-tip-row mw-tip-previous">
          <span>{beforeLabel}</span>
          <span>{shownValue(before, metric).exact}</span>
        </p>
      )}
      {priceChanges
        .filter((change) => change.bar === bar)
        .map(({ text }) => (
          <p className="mw-tip-row mw-tip-note" key={text}>
            {text}
          </p>
        ))}
      {props.opens && (
        <p className="mw-tip-hint">
          {part === null
            ? 'Click for its events, drag to zoom'
            : `Click for the events of ${trend.series[part]?.name ?? ''}`}
        </p>
      )}
    </div>
  );
}
