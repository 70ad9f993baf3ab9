import type { UsageForecast } from '@meterwire/client';
import { bucketLabel } from '../../logic/dates.ts';
import { amountText, courseOf, daysOf, type Interval, intervalsOf } from '../../logic/forecast.ts';

/** Each day by itself, or running up. */
export type ForecastMode = 'each' | 'running';

/** What one day of the chart says. */
export interface ForecastPoint {
  date: string;
  title: string;
  rows: readonly { label: string; text: string }[];
  /** All of it in one sentence. */
  spoken: string;
  /** The highest that is drawn of it. */
  highest: number;
}

/** The server gives bounds for each day and for the whole period; of a part of the period it knows none. */
export function pointsOf(answer: UsageForecast, mode: ForecastMode): ForecastPoint[] {
  return mode === 'running' ? runningPoints(answer) : dayPoints(answer);
}

function runningPoints(answer: UsageForecast): ForecastPoint[] {
  const { within80, within95 } = intervalsOf(answer.forecast);
  const course = courseOf(answer);
  return course.map(({ date, actual, expected }, at) => {
    const isEnd = at === course.length - 1;
    const parts = [
      part('So far', 'so far', actual, answer),
      part('Expected', 'expected', expected, answer),
      ...(isEnd ? [between('80 %', within80, answer), between('95 %', within95, answer)] : []),
    ];
    const bounds = isEnd ? [within80?.high ?? 0, within95?.high ?? 0] : [];
    return point(date, `By the end of ${bucketLabel(date, 'day')}`, parts, [actual, expected, ...bounds]);
  });
}

function dayPoints(answer: UsageForecast): ForecastPoint[] {
  return daysOf(answer).map(({ date, actual, expected, within80, within95 }) => {
    const parts = [
      part(expected === null ? 'Used' : 'So far', expected === null ? 'used' : 'so far', actual, answer),
      part('Expected', 'expected', expected, answer),
      between('80 %', within80, answer),
      between('95 %', within95, answer),
    ];
    return point(date, bucketLabel(date, 'day'), parts, [
      actual,
      expected,
      within80?.high ?? 0,
      within95?.high ?? 0,
    ]);
  });
}

interface Part {
  label: string;
  text: string;
  spoken: string;
}

function part(label: string, word: string, value: number | null, answer: UsageForecast): Part | null {
  if (value === null) return null;
  const text = roundText(value, answer.unit);
  return { label, text, spoken: `${text} ${word}` };
}

function between(label: string, interval: Interval | null, answer: UsageForecast): Part | null {
  if (interval === null) return null;
  const [low, high] = [roundText(interval.low, answer.unit), roundText(interval.high, answer.unit)];
  return { label, text: `${low} – ${high}`, spoken: `with ${label} between ${low} and ${high}` };
}

function point(
  date: string,
  title: string,
  parts: readonly (Part | null)[],
  values: readonly (number | null)[],
): ForecastPoint {
  const rows = parts.filter((one) => one !== null);
  return {
    date,
    title,
    rows,
    spoken: `${title}: ${rows.map(({ spoken }) => spoken).join(', ')}`,
    highest: Math.max(0, ...values.map((value) => value ?? 0)),
  };
}

/** What is drawn is drawn with numbers that are rounded; what is exact stands in the table. */
function roundText(value: number, unit: string): string {
  return amountText(unit === 'usd' ? value.toFixed(2) : Math.round(value));
}
