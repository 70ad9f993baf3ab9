import type { UsageAnswer } from '@meterwire/client';
import { type Shown, shownValue } from './metric.ts';
import { decimalOfNumber, usdColumn } from './money.ts';
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
  /** Null where they are not known. */
  callsText: string | null;
  cost: Shown | null;
  /** The cost with as many decimals as its neighbours, so that the points stand under each other. */
  costText: string;
  /** False where there is no view that it could filter. */
  filters?: boolean;
}

/** One part of a whole as an app of your own may bring it: the answer of `/api/usage/breakdown`. */
export interface GivenShare {
  tokens: number;
  /** Dollars. */
  cost?: number;
}

/** The groups of an answer, largest first as they came; the rest stays last. */
export function breakdownRows(answer: UsageAnswer): BreakdownRow[] {
  const whole = answer.total.tokens ?? 0;
  const costText = usdColumn(answer.groups.map((group) => group.total.cost_usd ?? '0'));
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
      costText: costText(group.total.cost_usd ?? '0'),
    };
  });
}

/** The same of shares that somebody else has counted, largest first. What lies beyond `top` is one row. */
export function givenRows(shares: readonly (GivenShare & { name: string })[], top: number): BreakdownRow[] {
  const sorted = [...shares].sort((a, b) => b.tokens - a.tokens);
  const whole = sorted.reduce((sum, { tokens }) => sum + tokens, 0);
  const rest = sorted.slice(top);
  const restTokens = rest.reduce((sum, { tokens }) => sum + tokens, 0);
  const shown = sorted.slice(0, top);
  const texts = shown.flatMap(({ cost }) => (cost === undefined ? [] : [decimalOfNumber(cost)]));
  const costText = usdColumn(texts);
  const rowOf = (name: string, value: string | null, tokens: number, cost?: number): BreakdownRow => ({
    value,
    name,
    number: tokens,
    tokensText: formatInteger(tokens),
    shareText: formatShare(tokens, whole),
    callsText: null,
    cost: cost === undefined ? null : shownValue({ cost_usd: decimalOfNumber(cost) }, 'cost'),
    costText: cost === undefined ? '' : costText(decimalOfNumber(cost)),
  });
  const rows = shown.map(({ name, tokens, cost }) => rowOf(name || '(none)', name, tokens, cost));
  return rest.length > 0 ? [...rows, rowOf('Other', null, restTokens)] : rows;
}
