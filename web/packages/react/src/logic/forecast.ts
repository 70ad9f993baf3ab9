import type { Budget, Filters, ForecastDay, ForecastValue, UsageForecast } from '@meterwire/client';
import { instantSpan } from './dates.ts';
import { formatUsd, formatUsdExact, parseDecimal } from './money.ts';
import { countOf, formatInteger } from './number.ts';

const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** For placing on an axis only. */
export function placeOf(value: ForecastValue | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  return Number(value);
}

/** An amount as it is read: dollars rounded for reading, counts in full. */
export function amountText(value: ForecastValue | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? formatUsd(value) : formatInteger(value);
}

export function amountExact(value: ForecastValue | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? formatUsdExact(value) : formatInteger(value);
}

/** One day of the course, everything up to it added. */
export interface CoursePoint {
  date: string;
  /** What was used up to the end of the day; null for days to come. */
  actual: number | null;
  /** What is expected up to the end of the day; null for days that are over. */
  expected: number | null;
}

/**
 * The course of the period, running up: what was used, then what is expected. The days to come are scaled so that they
 * end at the forecast of the whole period, which the server makes for itself.
 */
export function courseOf(answer: UsageForecast): CoursePoint[] {
  const used = placeOf(answer.actual_to_date) ?? 0;
  const end = placeOf(answer.forecast.mean);
  const rest = answer.days.map((day) => restOf(day));
  const sumOfRest = rest.reduce((sum, value) => sum + value, 0);
  const scale = end !== null && sumOfRest > 0 ? (end - used) / sumOfRest : 0;
  let actual = 0;
  let expected = used;
  return answer.days.map((day, at) => {
    const isToCome = day.actual === null || day.actual === undefined;
    const isOver = day.mean === null || day.mean === undefined;
    if (!isToCome) actual += placeOf(day.actual) ?? 0;
    expected += (rest[at] ?? 0) * scale;
    return {
      date: day.date,
      actual: isToCome ? null : actual,
      expected: isOver || end === null ? null : expected,
    };
  });
}

/** What lies around an estimate with so much probability. */
export interface Interval {
  low: number;
  high: number;
}

/** One day by itself. */
export interface DayPoint {
  date: string;
  actual: number | null;
  /** What is expected of the whole day, what it used so far included. */
  expected: number | null;
  within80: Interval | null;
  within95: Interval | null;
}

export function daysOf(answer: UsageForecast): DayPoint[] {
  return answer.days.map((day) => ({
    date: day.date,
    actual: placeOf(day.actual),
    expected: placeOf(day.mean),
    ...intervalsOf(day),
  }));
}

/** Between what an estimate lies, with 80 and with 95 %; null where nothing can be said. */
export function intervalsOf(estimate: ForecastEstimate): Pick<DayPoint, 'within80' | 'within95'> {
  const interval = (low: Bound, high: Bound): Interval | null => {
    const [from, to] = [placeOf(low), placeOf(high)];
    return from === null || to === null ? null : { low: from, high: to };
  };
  return {
    within80: interval(estimate.low_80, estimate.high_80),
    within95: interval(estimate.low_95, estimate.high_95),
  };
}

type Bound = ForecastValue | null | undefined;
type ForecastEstimate = UsageForecast['forecast'];

/** What a day will still add: of today what is expected beside what it used. */
function restOf(day: ForecastDay): number {
  const mean = placeOf(day.mean);
  return mean === null ? 0 : Math.max(0, mean - (placeOf(day.actual) ?? 0));
}

/** The budget that is for exactly what is shown: its scope is the filters and its period the range. */
export function budgetOf(
  budgets: readonly Budget[],
  filters: Filters,
  span: { from: string; to: string },
): Budget | null {
  const fitting = budgets.filter(
    ({ scope, current }) =>
      sameScope(scope, filters) &&
      Date.parse(current.from) === Date.parse(span.from) &&
      Date.parse(current.to) === Date.parse(span.to),
  );
  // The tightest is the one to mind.
  return (
    [...fitting].sort((a, b) => (parseDecimal(a.amount_usd) < parseDecimal(b.amount_usd) ? -1 : 1))[0] ?? null
  );
}

const FAR_ABOVE = 2.5;

/** The highest that the period may come to. */
export function highestOf({ forecast }: UsageForecast): number {
  return Math.max(
    0,
    ...[forecast.high_80, forecast.high_95, forecast.mean].map((value) => placeOf(value) ?? 0),
  );
}

/** A budget so far above that its line would press the course flat: it is named instead. */
export function isFarAbove(budget: Budget, answer: UsageForecast): boolean {
  const highest = highestOf(answer);
  return highest > 0 && Number(budget.amount_usd) > highest * FAR_ABOVE;
}

function sameScope(scope: Budget['scope'], filters: Filters): boolean {
  const named = Object.entries(scope).filter(([, value]) => value !== undefined && value !== null);
  const filtered = Object.entries(filters).filter(([, values]) => values && values.length > 0);
  return (
    named.length === filtered.length &&
    named.every(([name, value]) => {
      const values = filters[name as keyof Filters];
      return values?.length === 1 && values[0] === value;
    })
  );
}

/** `$42.10 by the end of 1–30 Nov 2026, with 80 % of probability between $38.00 and $47.00; $12.30 so far.` */
export function describeForecast(answer: UsageForecast, budget: Budget | null): string {
  const { forecast, actual_to_date, from, to, tz } = answer;
  const span = instantSpan(from, to, tz);
  const soFar = `${amountText(actual_to_date)} so far`;
  if (forecast.mean === null || forecast.mean === undefined) return `${soFar} in ${span}. ${answer.reason}`;
  const bounds =
    forecast.low_80 !== null && forecast.low_80 !== undefined
      ? `, with 80 % of probability between ${amountText(forecast.low_80)} and ${amountText(forecast.high_80)}`
      : '';
  const whole = `${amountText(forecast.mean)} expected for ${span}${bounds}; ${soFar}.`;
  return budget ? `${whole} ${budgetSentence(answer, budget)}` : whole;
}

function budgetSentence(answer: UsageForecast, budget: Budget): string {
  const amount = Number(budget.amount_usd);
  const [low, mean, high] = [answer.forecast.low_80, answer.forecast.mean, answer.forecast.high_80].map(
    placeOf,
  );
  const name = `the budget ${budget.name} of ${formatUsd(budget.amount_usd)}`;
  if ((placeOf(answer.actual_to_date) ?? 0) > amount) return `It is over ${name} already.`;
  if (low !== null && low !== undefined && low > amount) return `It will very likely pass ${name}.`;
  if (mean !== null && mean !== undefined && mean > amount) return `It is expected to pass ${name}.`;
  if (high !== null && high !== undefined && high > amount) return `It may pass ${name}.`;
  return `It stays within ${name}.`;
}

/** How well the same method did on the past. */
export function pastErrorText(answer: UsageForecast): string {
  const { backtest } = answer;
  if (!backtest) return 'There is too little past to tell how well such forecasts did.';
  const { folds, horizon_days, mean_absolute_percentage_error: missed, coverage_80 } = backtest;
  const horizon = `${countOf(horizon_days, 'day')} ahead`;
  const miss =
    missed === null || missed === undefined ? '' : ` missed by ${ONE_DECIMAL.format(missed)} % on average;`;
  return `${countOf(folds, 'forecast')} of the past, ${horizon},${miss} ${ONE_DECIMAL.format(coverage_80)} % lay within their 80 % bounds.`;
}

export const METHOD_LABEL: Record<string, string> = {
  mstl_ets: 'Weekly season and exponential smoothing',
  ets: 'Exponential smoothing',
  flat: 'Every day like the mean',
};
