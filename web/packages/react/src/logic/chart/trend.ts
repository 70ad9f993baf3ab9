import type { Dimension, Granularity, UsageAnswer, UsageBucket, UsageValues } from '@meterwire/client';
import { placeOfValue, type ShownMetric } from '../metric.ts';
import { addUsd } from '../money.ts';
import { daysOf } from '../period.ts';
import { daysBetween, isOfInstants, type RangeChoice } from '../range.ts';
import { type Band, barPath, type Plot, type ValueScale, yOf } from './scale.ts';
import { seriesIndex } from './series.ts';

/** Each bucket by itself, or everything up to it. */
export const TREND_MODES = ['each', 'running'] as const;
export type TrendMode = (typeof TREND_MODES)[number];

/** How many parts a stack has beside the rest, so that each has a look of its own. */
export const STACK_TOP = 5;

/** One part of every bar. */
export interface TrendSeries {
  /** What a filter would take: '' means "has none"; null is the rest, or the whole where nothing is stacked. */
  value: string | null;
  name: string;
  other: boolean;
  /** Its colour and pattern. */
  look: number;
  /** One a bucket that has begun. */
  values: UsageValues[];
  total: UsageValues;
}

/** Every bar of a chart, and what it is made of. */
export interface Trend {
  buckets: readonly UsageBucket[];
  /** The dimension of the parts; null where nothing is stacked. */
  dimension: Dimension | null;
  /** At the foot of the bars first. */
  series: TrendSeries[];
  /** The whole of each bucket that has begun. */
  whole: UsageValues[];
  /** The whole of each bucket of the period it is compared with. */
  before: UsageValues[];
}

export function trendOf(answer: UsageAnswer, mode: TrendMode): Trend {
  const { buckets, compared } = answer;
  const begun = buckets.filter(({ start }) => Date.parse(start) <= Date.parse(answer.as_of)).length;
  const shaped = (values: readonly UsageValues[]) => {
    const shown = values.slice(0, begun);
    return mode === 'running' ? cumulated(shown) : shown;
  };
  const dimension = (answer.group_by[0] as Dimension | undefined) ?? null;
  const whole = shaped(answer.series);
  const parts = answer.groups.map((group, index): TrendSeries => {
    const key = group.key[0] ?? '';
    return {
      value: group.other ? null : key,
      name: group.other ? 'Other' : key === '' ? '(none)' : key,
      other: group.other,
      look: seriesIndex(index, group.other),
      values: shaped(group.series),
      total: group.total,
    };
  });
  const alone = { value: null, name: '', other: false, look: 0, values: whole, total: answer.total };
  const before = (compared?.series ?? []).slice(0, buckets.length);
  return {
    buckets,
    dimension,
    series: dimension === null ? [alone] : parts,
    whole,
    before: mode === 'running' ? cumulated(before) : [...before],
  };
}

/** Everything up to and with each of them, to the last nano-dollar. */
export function cumulated(values: readonly UsageValues[]): UsageValues[] {
  const sums: UsageValues[] = [];
  for (const one of values) {
    const last = sums.at(-1) ?? {};
    sums.push({
      calls: (last.calls ?? 0) + (one.calls ?? 0),
      tokens: (last.tokens ?? 0) + (one.tokens ?? 0),
      errors: (last.errors ?? 0) + (one.errors ?? 0),
      unpriced_calls: (last.unpriced_calls ?? 0) + (one.unpriced_calls ?? 0),
      cost_usd: addUsd([last.cost_usd ?? '0', one.cost_usd ?? '0']),
    });
  }
  return sums;
}

/** One part drawn over all bars: a single path, however many bars there are. */
export interface Layer {
  series: number;
  path: string;
  /** The bar that is still growing, drawn lighter. */
  partialPath: string;
}

export interface Edge {
  bottom: number;
  top: number;
}

/** Where the parts of each bar lie, first at the foot: `edges[bar][series]`. */
export function stackEdges(trend: Trend, metric: ShownMetric, scale: ValueScale, plot: Plot): Edge[][] {
  return trend.whole.map((_, bar) => {
    let sum = 0;
    return trend.series.map(({ values }) => {
      const bottom = yOf(sum, scale, plot);
      sum += placeOfValue(values[bar] ?? {}, metric);
      return { bottom, top: yOf(sum, scale, plot) };
    });
  });
}

export function layersOf(
  edges: readonly (readonly Edge[])[],
  places: readonly Band[],
  seriesCount: number,
  partial: number | null,
): Layer[] {
  return Array.from({ length: seriesCount }, (_, series) => {
    const paths: string[] = [];
    let partialPath = '';
    edges.forEach((parts, bar) => {
      const edge = parts[series];
      const band = places[bar];
      if (!edge || !band || edge.top >= edge.bottom) return;
      const isAlone = seriesCount === 1;
      // A value above zero is always visible, however small it is beside the largest.
      const top = isAlone ? Math.min(edge.top, edge.bottom - 1.5) : edge.top;
      const path = isAlone
        ? barPath(round(band.x), round(band.width), round(top), round(edge.bottom))
        : rectPath(band, top, edge.bottom);
      if (bar === partial) partialPath = path;
      else paths.push(path);
    });
    return { series, path: paths.join(''), partialPath };
  });
}

function rectPath(band: Band, top: number, bottom: number): string {
  const [x, width] = [round(band.x), round(band.width)];
  return `M${x},${round(bottom)}V${round(top)}H${round(x + width)}V${round(bottom)}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The widths of bars that make sense for a range, the usual one first. */
export function granularitiesOf(range: RangeChoice): Granularity[] {
  const days = lengthInDays(range);
  if (days <= 0.25) return ['15m'];
  // A day may have 25 hours.
  if (days <= 1.1) return ['hour', '15m'];
  if (days <= 14) return ['day', 'hour'];
  if (days <= 92) return ['day', 'week'];
  return ['week', 'day', 'month'];
}

/** The width that was chosen where it makes sense for the range, else the usual one. */
export function widthOf(range: RangeChoice, chosen: Granularity | undefined): Granularity {
  const widths = granularitiesOf(range);
  return widths.find((width) => width === chosen) ?? widths[0] ?? 'day';
}

function lengthInDays(range: RangeChoice): number {
  // Any day will do: only about how long it is matters.
  if ('preset' in range) {
    const { from, to } = daysOf(range.preset, '2024-01-15');
    return daysBetween(from, to);
  }
  if (isOfInstants(range)) return (Date.parse(range.to) - Date.parse(range.from)) / 86_400_000;
  return daysBetween(range.from, range.to);
}

export const GRANULARITY_LABEL: Record<Granularity, string> = {
  '15m': '15 min',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
};
