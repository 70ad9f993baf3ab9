import { tickIncrement, ticks } from 'd3-array';

export interface ValueScale {
  /** The top of the axis: the largest tick. */
  max: number;
  step: number;
  ticks: number[];
}

/** An axis from zero with about `count` round ticks. Whole things (calls, tokens) never get half a tick. */
export function valueScale(largest: number, count: number, wholeNumbers: boolean): ValueScale {
  const top = largest > 0 ? largest : 1;
  let step = positiveStep(tickIncrement(0, top, count));
  if (wholeNumbers) step = Math.max(1, step);
  const max = Math.ceil(top / step - 1e-9) * step;
  const all = ticks(0, max, Math.max(1, Math.round(max / step)));
  return { max, step, ticks: all };
}

/** d3 writes steps below one as a negative reciprocal. */
function positiveStep(increment: number): number {
  return increment < 0 ? -1 / increment : increment;
}

export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function yOf(value: number, scale: ValueScale, plot: Plot): number {
  return plot.top + plot.height * (1 - Math.min(1, Math.max(0, value / scale.max)));
}

export interface Band {
  /** Left edge of the bar and its width. */
  x: number;
  width: number;
  /** Middle of the band, where labels and the line of the previous period stand. */
  center: number;
  /** The whole band, gap included, so that the pointer never falls between two bars. */
  hitX: number;
  hitWidth: number;
}

const MAX_BAR_WIDTH = 56;

export function bands(count: number, plot: Plot): Band[] {
  const hitWidth = count > 0 ? plot.width / count : plot.width;
  const gap = hitWidth > 12 ? 0.32 : 0.18;
  const width = Math.max(1, Math.min(MAX_BAR_WIDTH, hitWidth * (1 - gap)));
  return Array.from({ length: count }, (_, index) => {
    const hitX = plot.left + index * hitWidth;
    const center = hitX + hitWidth / 2;
    return { x: center - width / 2, width, center, hitX, hitWidth };
  });
}

/** A digit of the smallest type, which is all that stands on an axis. */
export const DIGIT_WIDTH = 7;

/** The room beside a plot for what stands on its axis. */
export function axisWidth(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => label.length)) * DIGIT_WIDTH + 12;
}

const HOUR_STEPS = [1, 2, 3, 4, 6, 8, 12, 24];

/**
 * Indexes whose label fits, evenly spaced. Days are counted from the last one, which is the newest; hours from
 * the first, midnight, in steps that divide a day.
 */
export function labelledIndexes(
  count: number,
  plotWidth: number,
  labelWidth: number,
  areHours: boolean,
): number[] {
  if (count === 0) return [];
  const fitting = Math.max(1, Math.floor(plotWidth / labelWidth));
  const atLeast = Math.ceil(count / fitting);
  if (areHours) {
    const every = HOUR_STEPS.find((step) => step >= atLeast) ?? atLeast;
    return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
  }
  const every = atLeast;
  const indexes: number[] = [];
  for (let index = count - 1; index >= 0; index -= every) indexes.unshift(index);
  return indexes;
}

/** A bar with rounded top corners that stands flat on the axis. */
export function barPath(x: number, width: number, top: number, bottom: number): string {
  const height = Math.max(0, bottom - top);
  const r = Math.min(3, width / 2, height);
  return `M${x},${bottom}V${top + r}Q${x},${top} ${x + r},${top}H${x + width - r}Q${x + width},${top} ${x + width},${top + r}V${bottom}Z`;
}

export function linePath(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
