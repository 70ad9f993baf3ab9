import type { Granularity, UsageAnswer } from '@meterwire/client';
import { bucketLabel, isPartial } from '../dates.ts';
import { METRIC_LABEL, placeOfValue, type ShownMetric, shownValue, spokenValue } from '../metric.ts';
import type { PriceChange } from '../priceChanges.ts';
import { describeOverTime, overTimeTitle } from './describe.ts';
import type { Trend, TrendMode } from './trend.ts';

export interface SpokenBar {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  granularity: Granularity;
  beforeLabel: string;
  priceChanges: readonly PriceChange[];
  bar: number;
}

/** `Mon 16 Nov 2026, so far: $1.20; openai $1.00, anthropic $0.20; previous period $0.90` */
export function spokenBar(all: SpokenBar): string {
  const { answer, trend, metric, granularity, bar } = all;
  const bucket = trend.buckets[bar];
  const whole = trend.whole[bar];
  if (!bucket || !whole) return '';
  const when = `${bucketLabel(bucket.label, granularity)}${isPartial(bucket, answer.as_of) ? ', so far' : ''}`;
  const parts =
    trend.dimension === null
      ? []
      : trend.series.flatMap(({ name, values }) => {
          const one = values[bar] ?? {};
          const hasAny =
            placeOfValue(one, metric) > 0 || (metric === 'cost' && (one.unpriced_calls ?? 0) > 0);
          return hasAny ? [`${name} ${spokenValue(one, metric)}`] : [];
        });
  const before = trend.before[bar];
  const changes = all.priceChanges.filter((change) => change.bar === bar).map(({ text }) => text);
  return [
    `${when}: ${spokenValue(whole, metric)}`,
    ...(parts.length > 0 ? [parts.join(', ')] : []),
    ...(before ? [`${lowerFirst(all.beforeLabel)} ${spokenValue(before, metric)}`] : []),
    ...changes,
  ].join('; ');
}

/** One part of one bar, said when the arrows reach it. */
export function spokenPart(
  trend: Trend,
  metric: ShownMetric,
  granularity: Granularity,
  bar: number,
  part: number,
): string {
  const series = trend.series[part];
  const bucket = trend.buckets[bar];
  if (!series || !bucket) return '';
  return `${series.name}, ${bucketLabel(bucket.label, granularity)}: ${spokenValue(series.values[bar] ?? {}, metric)}`;
}

/** `Cost by day`, `Cost by day, running total`, `Cost by day and model`. */
export function trendTitle(
  metric: ShownMetric,
  granularity: Granularity,
  mode: TrendMode,
  dimensionLabel: string | null,
): string {
  const title = overTimeTitle(METRIC_LABEL[metric], granularity);
  const by = dimensionLabel === null ? title : `${title} and ${dimensionLabel.toLowerCase()}`;
  return mode === 'running' ? `${by}, running total` : by;
}

/** The sentence under the title: the whole, the peak, and who has most of it. */
export function describeTrend(answer: UsageAnswer, metric: ShownMetric, granularity: Granularity): string {
  const { total, buckets, series, as_of } = answer;
  const begun = buckets.filter(({ start }) => Date.parse(start) <= Date.parse(as_of));
  const whole = describeOverTime(metric, granularity, total, begun, series.slice(0, begun.length));
  const largest = answer.groups.find(({ other }) => !other);
  if (!largest) return whole;
  const key = largest.key[0] ?? '';
  const name = key === '' ? 'what has no value' : key;
  return `${whole} Most of it: ${name}, ${shownValue(largest.total, metric).text}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
