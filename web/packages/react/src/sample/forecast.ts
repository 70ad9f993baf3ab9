import type { ForecastDay, ForecastValue, UsageForecast } from '@meterwire/client';
import { type Cell, cells, DAY_MS, dayOf, instant, startOfDay, sumOf, usdText } from './model.ts';
import { periodOf } from './span.ts';
import { chosen, SAMPLE_SOURCE } from './usage.ts';

type ForecastMetric = 'cost' | 'tokens' | 'calls';

const UNIT: Record<ForecastMetric, string> = { cost: 'usd', tokens: 'tokens', calls: 'calls' };
const HISTORY_DAYS = 84;
const WEEKS = HISTORY_DAYS / 7;
/** How many standard deviations lie on each side of 80 and 95 % of a normal distribution. */
const REACH = { 80: 1.2816, 95: 1.96 };

/** What is expected of a day, and how far off it may be; in nano-dollars, tokens or calls. */
interface Expected {
  mean: number;
  variance: number;
}

/**
 * What a made-up period will come to: each day like the same weekday of the last weeks. Bounds are of a sum of days that
 * know nothing of each other, which made-up days do not.
 */
export function forecast(query: URLSearchParams, now: number): UsageForecast {
  const metric = metricOf(query.get('metric'));
  const period = periodOf(query, now);
  const today = startOfDay(now);
  const amount = (from: number, to: number) => amountOf(chosen(cells(from, to, now), query), metric);
  const history = Array.from({ length: HISTORY_DAYS }, (_, at) => {
    const from = today - (HISTORY_DAYS - at) * DAY_MS;
    return { weekday: weekdayOf(from), amount: amount(from, from + DAY_MS) };
  });
  const left = 1 - (now - today) / DAY_MS;
  let [soFar, rest, variance] = [0, 0, 0];
  const days: ForecastDay[] = [];
  for (let from = period.from; from < period.to; from += DAY_MS) {
    const actual = from <= today ? amount(from, from + DAY_MS) : null;
    soFar += actual ?? 0;
    const usual = from < today ? null : usualOf(history, weekdayOf(from));
    const share = from === today ? left : 1;
    const added = usual && { mean: Math.round(usual.mean * share), variance: usual.variance * share };
    rest += added?.mean ?? 0;
    variance += added?.variance ?? 0;
    days.push({
      date: dayOf(from),
      actual: actual === null ? null : valueOf(actual, metric),
      ...(added ? estimate(actual ?? 0, added, metric) : nothing),
    });
  }
  return {
    source: SAMPLE_SOURCE,
    as_of: instant(now),
    tz: 'UTC',
    from: instant(period.from),
    to: instant(period.to),
    metric,
    unit: UNIT[metric],
    method: 'Each day like the same weekday before, made up',
    reason: 'These numbers are made up: each day is expected like the same weekday of the last weeks.',
    history_days: HISTORY_DAYS,
    actual_to_date: valueOf(soFar, metric),
    days,
    forecast: estimate(soFar, { mean: rest, variance }, metric),
    backtest: null,
    unpriced_calls: 0,
  };
}

const nothing = { mean: null, low_80: null, high_80: null, low_95: null, high_95: null };

function metricOf(name: string | null): ForecastMetric {
  return name === 'tokens' || name === 'calls' ? name : 'cost';
}

function weekdayOf(at: number): number {
  return new Date(at).getUTCDay();
}

function amountOf(some: readonly Cell[], metric: ForecastMetric): number {
  const sum = sumOf(some);
  return metric === 'cost' ? sum.costNanos : sum[metric];
}

function valueOf(amount: number, metric: ForecastMetric): ForecastValue {
  return metric === 'cost' ? usdText(amount) : amount;
}

function usualOf(history: readonly { weekday: number; amount: number }[], weekday: number): Expected {
  const amounts = history.filter((day) => day.weekday === weekday).map((day) => day.amount);
  const mean = Math.round(amounts.reduce((sum, one) => sum + one, 0) / WEEKS);
  const variance = amounts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (WEEKS - 1);
  return { mean, variance };
}

/** What was used already, and what is expected on top of it; no bound is below what was used. */
function estimate(used: number, { mean, variance }: Expected, metric: ForecastMetric) {
  const bound = (reach: number) =>
    valueOf(used + Math.max(0, Math.round(mean + reach * Math.sqrt(variance))), metric);
  return {
    mean: valueOf(used + mean, metric),
    low_80: bound(-REACH[80]),
    high_80: bound(REACH[80]),
    low_95: bound(-REACH[95]),
    high_95: bound(REACH[95]),
  };
}
