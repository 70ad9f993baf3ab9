import type { UsageValues } from '@meterwire/client';
import { decimalToNumber, exactDecimals, formatUsd, formatUsdExact, parseDecimal } from './money.ts';
import { countOf, formatCompact, formatInteger } from './number.ts';

/** The metrics that the overview shows as cards and draws by day. */
export const SHOWN_METRICS = ['calls', 'tokens', 'cost', 'errors'] as const;
export type ShownMetric = (typeof SHOWN_METRICS)[number];

export const METRIC_LABEL: Record<ShownMetric, string> = {
  calls: 'Calls',
  tokens: 'Tokens',
  cost: 'Cost',
  errors: 'Errors',
};

/** Whether more of it is bad news, neutral or unknown: only errors are judged. */
export function isBadWhenMore(metric: ShownMetric): boolean {
  return metric === 'errors';
}

/** One value as it is shown: the text, every digit of it, and a number for placing it on an axis. */
export interface Shown {
  text: string;
  exact: string;
  number: number;
  /** Calls in it that have no price; always 0 where no money is shown. */
  unpricedCalls: number;
  /** True where money was asked but nothing in it has a price: then there is no amount to show. */
  unknown: boolean;
}

export function shownValue(values: UsageValues, metric: ShownMetric): Shown {
  if (metric === 'cost') return shownCost(values);
  const number = values[metric] ?? 0;
  return {
    text: formatInteger(number),
    exact: formatInteger(number),
    number,
    unpricedCalls: 0,
    unknown: false,
  };
}

/** Where a value lies on an axis, without writing it out: a chart may have thousands of them. */
export function placeOfValue(values: UsageValues, metric: ShownMetric): number {
  return metric === 'cost' ? decimalToNumber(values.cost_usd ?? '0') : (values[metric] ?? 0);
}

function shownCost(values: UsageValues): Shown {
  const amount = values.cost_usd ?? '0';
  const unpricedCalls = values.unpriced_calls ?? 0;
  if (unpricedCalls > 0 && parseDecimal(amount) === 0n) {
    return { text: 'No price', exact: 'No price', number: 0, unpricedCalls, unknown: true };
  }
  return {
    text: formatUsd(amount),
    exact: formatUsdExact(amount),
    number: decimalToNumber(amount),
    unpricedCalls,
    unknown: false,
  };
}

/** Writes a column of exact values; money gets the same number of decimals in every row. */
export function exactColumn(
  all: readonly UsageValues[],
  metric: ShownMetric,
): (values: UsageValues) => string {
  if (metric !== 'cost') return (values) => shownValue(values, metric).exact;
  const decimals = exactDecimals(all.map((values) => values.cost_usd ?? '0'));
  return (values) => (shownCost(values).unknown ? 'No price' : formatUsd(values.cost_usd ?? '0', decimals));
}

/** `1,234 calls`, `$0.42`, `$0.42 and 3 calls without a price` */
export function spokenValue(values: UsageValues, metric: ShownMetric): string {
  if (metric !== 'cost') {
    const word = { calls: 'call', tokens: 'token', errors: 'error' }[metric];
    return countOf(values[metric] ?? 0, word);
  }
  const amount = values.cost_usd ?? '0';
  const unpricedCalls = values.unpriced_calls ?? 0;
  if (unpricedCalls === 0) return formatUsdExact(amount);
  const unpriced = `${countOf(unpricedCalls, 'call')} without a price`;
  return parseDecimal(amount) === 0n ? unpriced : `${formatUsdExact(amount)} and ${unpriced}`;
}

/** Axis labels of one chart: all dollars with the same decimals, counts in short form. */
export function tickFormatter(metric: ShownMetric, step: number): (tick: number) => string {
  if (metric !== 'cost') return formatCompact;
  if (step >= 1000) return (tick) => `$${formatCompact(tick)}`;
  // Cents are two digits, whatever the step.
  const decimals = step >= 1 ? 0 : Math.max(2, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)));
  return (tick) => (tick === 0 ? '$0' : `$${tick.toFixed(decimals)}`);
}
