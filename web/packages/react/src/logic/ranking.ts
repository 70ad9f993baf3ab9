import type { UsageAnswer, UsageValues } from '@meterwire/client';
import { shownValueName } from './filterSearch.ts';
import { type ShownMetric, shownValue, spokenValue } from './metric.ts';
import { usdColumn } from './money.ts';
import { formatShare } from './number.ts';

/** One bar of a ranking, ready to be shown. */
export interface RankedRow {
  /** What a filter would take; null is the rest. */
  value: string | null;
  name: string;
  /** How long its bar is, in percent of the longest. */
  length: number;
  text: string;
  exact: string;
  share: string;
  unpricedCalls: number;
  total: UsageValues;
}

/** The groups of an answer, largest first as they came, the rest last; what has nothing of the metric is left out. */
export function rankedRows(answer: UsageAnswer, metric: ShownMetric): RankedRow[] {
  const whole = shownValue(answer.total, metric).number;
  const shown = answer.groups
    .map((group) => ({ group, value: shownValue(group.total, metric) }))
    .filter(({ value }) => value.number > 0 || value.unknown);
  const longest = Math.max(0, ...shown.map(({ value }) => value.number));
  const amount = usdColumn(shown.map(({ group }) => group.total.cost_usd ?? '0'));
  return shown.map(({ group, value }) => ({
    value: group.other ? null : (group.key[0] ?? ''),
    name: group.other ? 'Other' : shownValueName(group.key[0] ?? ''),
    length: longest > 0 ? (value.number / longest) * 100 : 0,
    text: metric === 'cost' && !value.unknown ? amount(group.total.cost_usd ?? '0') : value.text,
    exact: value.exact,
    share: formatShare(value.number, whole),
    unpricedCalls: value.unpricedCalls,
    total: group.total,
  }));
}

/** `gpt-4o has 61.2 % of 1,234 calls, followed by gpt-4o-mini with 30.1 %.` */
export function describeRanking(
  answer: UsageAnswer,
  rows: readonly RankedRow[],
  metric: ShownMetric,
  noun: string,
): string {
  const [first, second] = rows;
  // To every digit it stands in the table.
  const whole = metric === 'cost' ? shownValue(answer.total, metric).text : spokenValue(answer.total, metric);
  if (!first) return `No ${noun} has ${metric === 'cost' ? 'cost anything' : `any ${metric}`} in this range.`;
  if (!second) return `${first.name} has all of ${whole}.`;
  return `${first.name} has ${first.share} of ${whole}, followed by ${second.name} with ${second.share}.`;
}
