import type { UsageAnswer } from '@meterwire/client';
import { placeOfValue, type ShownMetric, tickFormatter } from '../metric.ts';
import { axisWidth, type Band, bands, type Plot, type ValueScale, valueScale } from './scale.ts';
import { type Edge, type Layer, layersOf, stackEdges, type Trend } from './trend.ts';

export const TREND_HEIGHT = 300;

const TOP = 30;
const BOTTOM = 28;
const RIGHT = 4;

/** Where everything of a chart lies. It costs enough to be kept while the pointer moves. */
export interface TrendLayout {
  scale: ValueScale;
  tickText: (tick: number) => string;
  plot: Plot;
  places: Band[];
  edges: Edge[][];
  layers: Layer[];
  /** The period that it is compared with, a value a bar. */
  before: number[];
}

export function trendLayout(
  answer: UsageAnswer,
  trend: Trend,
  metric: ShownMetric,
  width: number,
): TrendLayout {
  const before = trend.before.map((values) => placeOfValue(values, metric));
  const largest = trend.whole.reduce((most, values) => Math.max(most, placeOfValue(values, metric)), 0);
  const scale = valueScale(Math.max(largest, ...before), 4, metric !== 'cost');
  const tickText = tickFormatter(metric, scale.step);
  const left = axisWidth(scale.ticks.map(tickText));
  const plot: Plot = {
    left,
    top: TOP,
    width: Math.max(1, width - left - RIGHT),
    height: TREND_HEIGHT - TOP - BOTTOM,
  };
  const places = bands(trend.buckets.length, plot);
  const edges = stackEdges(trend, metric, scale, plot);
  const layers = layersOf(edges, places, trend.series.length, growingBar(answer));
  return { scale, tickText, plot, places, edges, layers, before };
}

/** The bar whose time is not over yet. */
function growingBar(answer: UsageAnswer): number | null {
  const now = Date.parse(answer.as_of);
  const bar = answer.buckets.findIndex(({ start, end }) => Date.parse(start) <= now && now < Date.parse(end));
  return bar < 0 ? null : bar;
}

/** The bar under this point, of those that have begun. */
export function barAt({ plot, places }: TrendLayout, trend: Trend, x: number): number | null {
  if (trend.whole.length === 0) return null;
  const bar = Math.floor(((x - plot.left) / plot.width) * places.length);
  return Math.max(0, Math.min(trend.whole.length - 1, bar));
}

/** The part of a bar under this point; null is the whole bar. */
export function partAt({ edges }: TrendLayout, trend: Trend, bar: number, y: number): number | null {
  if (trend.dimension === null) return null;
  const part = edges[bar]?.findIndex(({ top, bottom }) => y >= top && y < bottom) ?? -1;
  return part < 0 ? null : part;
}
