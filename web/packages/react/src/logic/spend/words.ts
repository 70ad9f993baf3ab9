import type { BudgetStatus, Insight, SpendSource } from '@meterwire/client';
import { decimalOfNumber, formatUsd, formatUsdExact } from '../money.ts';
import { formatInteger } from '../number.ts';

/** R1's money: a JSON number of dollars. */
export function shownUsd(dollars: number): string {
  return formatUsd(decimalOfNumber(dollars));
}

export function exactUsd(dollars: number): string {
  return formatUsdExact(decimalOfNumber(dollars));
}

export const SOURCE_LABEL: Record<SpendSource, string> = {
  provider: 'From the provider’s report',
  metered: 'From your events',
  quota: 'Request counts only',
};

export const SOURCE_HELP: Record<SpendSource, string> = {
  provider: 'The provider’s own usage report says so.',
  metered: 'Added up from the events that were recorded here, at your prices.',
  quota: 'Neither a provider’s report nor events with money: only requests are counted.',
};

/** One sentence about where the period leads. */
export function statusText(status: BudgetStatus): string {
  const { current_spend, monthly_budget, projected_monthly_spend, is_over_budget } = status;
  if (is_over_budget) {
    return `Over budget: ${shownUsd(current_spend)} of ${shownUsd(monthly_budget)} is spent.`;
  }
  const projected = `At this pace the period comes to ${shownUsd(projected_monthly_spend)}`;
  return projected_monthly_spend > monthly_budget
    ? `${projected}, above the budget of ${shownUsd(monthly_budget)}.`
    : `${projected}, within the budget of ${shownUsd(monthly_budget)}.`;
}

const KIND_LABEL: Record<string, string> = {
  expensive_model: 'Expensive model',
  duplicate_calls: 'Duplicate calls',
  low_cache_hit: 'Low cache hits',
  error_spend: 'Money on errors',
  cost_spike: 'Cost spike',
  idle_key: 'Idle key',
  unpriced_model: 'Model without a price',
};

/** `duplicate_calls` -> `Duplicate calls`; a kind that is not known yet by its words. */
export function insightLabel(kind: string): string {
  return KIND_LABEL[kind] ?? sentence(kind);
}

/** `cached_input_tokens` -> `Cached input tokens` */
export function sentence(name: string): string {
  const text = name.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The worst first, then the largest saving. */
export function sortInsights(insights: readonly Insight[]): Insight[] {
  const rank: Record<string, number> = { critical: 0, warning: 1, info: 2 };
  return [...insights].sort(
    (a, b) => (rank[a.severity] ?? 3) - (rank[b.severity] ?? 3) || b.potential_savings - a.potential_savings,
  );
}

const HASH_SHOWN = 16;

export interface EvidenceColumn {
  field: string;
  numeric: boolean;
}

/** Rows come without an order of their fields: names first, then figures, then single events, then lists of them. */
export function evidenceColumns(rows: readonly Record<string, unknown>[]): EvidenceColumn[] {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const rank = (field: string): number => {
    const value = rows.find((row) => row[field] !== null && row[field] !== undefined)?.[field];
    if (Array.isArray(value)) return 3;
    if (typeof value === 'object' && value !== null) return 2;
    return typeof value === 'number' ? 1 : 0;
  };
  return fields
    .map((field) => ({ field, rank: rank(field) }))
    .sort((a, b) => a.rank - b.rank)
    .map((column) => ({ field: column.field, numeric: column.rank === 1 }));
}

/** One figure of the evidence as a person reads it. */
export function evidenceValue(name: string, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (isMoney(name)) return exactUsd(value);
    return Number.isInteger(value) ? formatInteger(value) : String(value);
  }
  // Enough to tell one from another; the whole of it stands behind the pointer.
  if (typeof value === 'string' && name.endsWith('_hash') && value.length > HASH_SHOWN) {
    return `${value.slice(0, HASH_SHOWN)}…`;
  }
  if (typeof value === 'string') return isMoney(name) && isDecimal(value) ? formatUsdExact(value) : value;
  if (Array.isArray(value)) return value.map((one) => evidenceValue(name, one)).join(', ');
  return recordText(value as Record<string, unknown>);
}

/** An event by its name, anything else part by part. */
function recordText(record: Record<string, unknown>): string {
  const { source, id, ...rest } = record;
  if (typeof source === 'string' && typeof id === 'string') return `${source} / ${id}`;
  return Object.entries({ ...(id === undefined ? {} : { id }), ...rest })
    .map(([name, value]) => `${name} ${evidenceValue(name, value)}`)
    .join(', ');
}

function isMoney(name: string): boolean {
  return /(^|_)(usd|cost|cost_instead|saving|savings|spend|spent)$/.test(name);
}

function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d{1,12})?$/.test(text);
}
