import type { Budget, BudgetPeriod, BudgetScope, NewBudget } from '@meterwire/client';
import { type Problems, type Read, readUnless } from '../form.ts';
import { readLimit } from '../limits/input.ts';
import { isDay } from '../range.ts';
import { isZone } from '../zones.ts';
import { SCOPE_NAMES, type ScopeName } from './words.ts';

/** A budget as it stands in a form: everything is text. */
export interface BudgetDraft {
  name: string;
  amount: string;
  period: BudgetPeriod;
  anchor: string;
  days: string;
  /** Empty is the tenant's, whatever that is. */
  zone: string;
  scope: { name: ScopeName; value: string }[];
  hard: boolean;
  allowUnpriced: boolean;
  /** In percent, with commas. */
  thresholds: string;
  channels: string[];
}

const MAX_NAME = 100;
const MAX_DAYS = 366;
const MAX_THRESHOLDS = 10;
const MAX_THRESHOLD_PERCENT = 1000;
const USUAL_THRESHOLDS = [0.5, 0.8, 0.95, 1];

export function draftOf(budget: Budget | undefined): BudgetDraft {
  return {
    name: budget?.name ?? '',
    amount: budget ? plainAmount(budget.amount_usd) : '',
    period: budget?.period ?? 'month',
    anchor: budget?.anchor ?? '',
    days: budget?.days ? String(budget.days) : '14',
    zone: budget && !budget.follows_tenant ? budget.timezone : '',
    scope: SCOPE_NAMES.flatMap((name) => {
      const value = budget?.scope[name];
      return value === undefined ? [] : [{ name, value }];
    }),
    hard: budget?.hard ?? false,
    allowUnpriced: budget?.allow_unpriced ?? false,
    thresholds: (budget?.thresholds ?? USUAL_THRESHOLDS).map(percentOf).join(', '),
    channels: budget?.channels ?? [],
  };
}

/** At least two decimals, as money is written. */
function plainAmount(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return `${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

function percentOf(share: number): string {
  return String(Math.round(share * 1e6) / 1e4);
}

/** Reads a form: what can be sent, or what is wrong where. */
export function readBudget(draft: BudgetDraft): Read<NewBudget> {
  const amount = readAmount(draft.amount);
  const thresholds = readThresholds(draft.thresholds);
  const problems: Problems = {
    name: nameProblem(draft.name.trim()),
    amount: 'problem' in amount ? amount.problem : undefined,
    zone: zoneProblem(draft.zone.trim()),
    thresholds: 'problem' in thresholds ? thresholds.problem : undefined,
    scope: scopeProblem(draft.scope),
    ...(draft.period === 'custom' ? customProblems(draft) : {}),
  };
  if ('problem' in amount || 'problem' in thresholds) return { problems };
  return readUnless(problems, () => ({
    name: draft.name.trim(),
    amount_usd: amount.value,
    period: draft.period,
    ...(draft.period === 'custom' ? { anchor: draft.anchor, days: Number(draft.days) } : {}),
    timezone: draft.zone.trim() || null,
    scope: Object.fromEntries(draft.scope.map(({ name, value }) => [name, value.trim()])) as BudgetScope,
    hard: draft.hard,
    allow_unpriced: draft.hard && draft.allowUnpriced,
    thresholds: thresholds.value,
    channels: draft.channels,
  }));
}

/** Dollars as a person writes them, as the exact text that is sent. */
export function readAmount(text: string): { value: string } | { problem: string } {
  const read = readLimit('cost_usd', text);
  if ('problem' in read) return { problem: read.problem.replace('10 or 2.5', '250 or 99.50') };
  const value = typeof read.value === 'number' ? read.value.toFixed(9) : read.value;
  const plain = value.includes('.') ? value.replace(/\.?0+$/, '') : value;
  return plain === '0' ? { problem: 'Enter more than 0.' } : { value: plain };
}

function readThresholds(text: string): { value: number[] } | { problem: string } {
  const parts = text
    .split(/[,;\s]+/)
    .map((part) => part.replace(/%$/, ''))
    .filter(Boolean);
  const percents = parts.map(Number);
  if (percents.some((percent) => !(percent > 0) || percent > MAX_THRESHOLD_PERCENT)) {
    return { problem: `Enter percentages from above 0 to ${MAX_THRESHOLD_PERCENT}, such as 50, 80, 100.` };
  }
  const sorted = [...new Set(percents)].sort((a, b) => a - b);
  if (sorted.length > MAX_THRESHOLDS) return { problem: `Enter at most ${MAX_THRESHOLDS} of them.` };
  return { value: sorted.map((percent) => Math.round(percent * 1e4) / 1e6) };
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'Enter a name, such as Support.';
  return name.length > MAX_NAME ? `Enter at most ${MAX_NAME} characters.` : undefined;
}

function zoneProblem(zone: string): string | undefined {
  return zone === '' || isZone(zone) ? undefined : 'Enter a zone such as UTC or Europe/Berlin.';
}

function scopeProblem(scope: BudgetDraft['scope']): string | undefined {
  if (scope.some(({ value }) => value.trim() === '')) return 'Enter a value, or remove the line.';
  const names = new Set(scope.map(({ name }) => name));
  return names.size < scope.length ? 'Name each of them once.' : undefined;
}

function customProblems({ anchor, days }: BudgetDraft): Problems {
  const count = Number(days);
  return {
    anchor: isDay(anchor) ? undefined : 'Enter the first day.',
    days:
      Number.isInteger(count) && count >= 1 && count <= MAX_DAYS
        ? undefined
        : `Enter 1 to ${MAX_DAYS} whole days.`,
  };
}

const PERIOD_NAMES = ['period', 'anchor', 'days'];

/** Only what differs: what somebody else changes meanwhile is not changed back. A period is always said as a whole. */
export function changedBudget(before: NewBudget, after: NewBudget): Partial<NewBudget> {
  const differs = (name: string) =>
    JSON.stringify(before[name as keyof NewBudget]) !== JSON.stringify(after[name as keyof NewBudget]);
  const isOther = PERIOD_NAMES.some(differs);
  return Object.fromEntries(
    Object.entries(after).filter(([name]) => (PERIOD_NAMES.includes(name) ? isOther : differs(name))),
  );
}
