import type { UsageAnswer } from '@meterwire/client';
import { type Shown, shownValue } from './metric.ts';
import { commonDecimals, formatUsd } from './money.ts';
import { formatInteger, formatShare } from './number.ts';

/** One line of a breakdown, ready to be shown. */
export interface BreakdownRow {
  /** The value that a filter would take: '' means "has none", null cannot be filtered (the rest). */
  value: string | null;
  name: string;
  /** For placing only; the text is what is read. */
  number: number;
  tokensText: string;
  shareText: string;
  callsText: string;
  cost: Shown;
  /** The cost with as many decimals as its neighbours, so that the points stand under each other. */
  costText: string;
}

/** The groups of an answer, largest first as they came; the rest stays last. */
export function breakdownRows(answer: UsageAnswer): BreakdownRow[] {
  const whole = answer.total.tokens ?? 0;
  const decimals = commonDecimals(answer.groups.map((group) => group.total.cost_usd ?? '0'));
  return answer.groups.map((group) => {
    const key = group.key[0] ?? null;
    const tokens = group.total.tokens ?? 0;
    return {
      value: group.other ? null : (key ?? ''),
      name: group.other ? 'Other' : key === null || key === '' ? '(none)' : key,
      number: tokens,
      tokensText: formatInteger(tokens),
      shareText: formatShare(tokens, whole),
      callsText: formatInteger(group.total.calls ?? 0),
      cost: shownValue(group.total, 'cost'),
      costText: formatUsd(group.total.cost_usd ?? '0', decimals),
    };
  });
}
