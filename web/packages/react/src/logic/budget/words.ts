import type { AlertLevel, Budget, BudgetPeriod, BudgetScope, BudgetStanding } from '@meterwire/client';
import { axisLabel, dayInZone, instantSpan } from '../dates.ts';
import { durationText, percentText } from '../limits/words.ts';
import { decimalToNumber, formatUsd } from '../money.ts';

export const PERIOD_LABEL: Record<BudgetPeriod, string> = {
  day: 'Daily',
  week: 'Weekly',
  month: 'Monthly',
  quarter: 'Quarterly',
  year: 'Yearly',
  custom: 'Custom',
};

export const PERIOD_HELP: Record<BudgetPeriod, string> = {
  day: 'Begins again at midnight in the zone.',
  week: 'Begins again on Monday at midnight in the zone.',
  month: 'Begins again on the first of the month.',
  quarter: 'Begins again on the first of January, April, July and October.',
  year: 'Begins again on the first of January.',
  custom: 'Begins again after so many days, counted from the first day.',
};

export const SCOPE_NAMES = [
  'project',
  'department',
  'team',
  'user',
  'api_key',
  'model',
] as const satisfies readonly (keyof BudgetScope)[];

export type ScopeName = (typeof SCOPE_NAMES)[number];

export const SCOPE_LABEL: Record<ScopeName, string> = {
  project: 'Project',
  department: 'Department',
  team: 'Team',
  user: 'User',
  api_key: 'API key',
  model: 'Model',
};

/** `Project support-bot, model gpt-4o`; nothing named is everything. */
export function scopeText(scope: BudgetScope): string {
  const parts = SCOPE_NAMES.flatMap((name) =>
    scope[name] === undefined ? [] : [`${SCOPE_LABEL[name]} ${scope[name]}`],
  );
  return parts.length === 0 ? 'Everything' : parts.join(', ');
}

/** `Monthly`, `Every 14 days` */
export function periodText({ period, days }: Pick<Budget, 'period' | 'days'>): string {
  if (period !== 'custom') return PERIOD_LABEL[period];
  return days === 1 ? 'Every day' : `Every ${days ?? '?'} days`;
}

export type BudgetTone = 'good' | 'near' | 'full';

const TONES: Record<AlertLevel, BudgetTone> = { normal: 'good', warning: 'near', critical: 'full' };

export function toneOfLevel(level: AlertLevel, isOver = false): BudgetTone {
  return isOver ? 'full' : TONES[level];
}

/** The level in words, so that colour never stands alone. */
export function levelText(level: AlertLevel, isOver = false): string {
  if (isOver) return 'Over budget';
  return { normal: 'On track', warning: 'Warning', critical: 'Critical' }[level];
}

/** `$12.30 left`, `$4.10 over` */
export function remainingText(remainingUsd: string): string {
  return remainingUsd.startsWith('-')
    ? `${formatUsd(remainingUsd.slice(1))} over`
    : `${formatUsd(remainingUsd)} left`;
}

/** `$61.20 of $100.00, 61.2 %, On track`, for a screen reader. */
export function standingText(amountUsd: string, standing: BudgetStanding): string {
  const { spent_usd, used_percentage, alert_level, is_over_budget } = standing;
  return `${formatUsd(spent_usd)} of ${formatUsd(amountUsd)}, ${percentText(used_percentage)}, ${levelText(alert_level, is_over_budget)}`;
}

/** How much of an amount is held, for drawing only. */
export function heldPercentage(heldUsd: string, amountUsd: string): number {
  const amount = decimalToNumber(amountUsd);
  return amount > 0 ? (decimalToNumber(heldUsd) / amount) * 100 : 0;
}

/** When the present period ends: `Ends in 8 days 4 h`. */
export function endsText(to: string, now: Date): string {
  const left = Date.parse(to) - now.getTime();
  return left <= 0 ? 'Ends now' : `Ends in ${durationText(left)}`;
}

/** `50 %, 80 %, 95 % and 100 %` */
export function thresholdsText(thresholds: readonly number[]): string {
  const parts = thresholds.map((share) => percentText(share * 100));
  if (parts.length === 0) return 'none';
  return parts.length === 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** How a period of a budget is called: `Nov 2026`, `Q4 2026`, `2026`, else its days. */
export function periodName(period: BudgetPeriod, from: string, to: string, zone: string): string {
  const span = instantSpan(from, to, zone);
  const [, first = ''] = /^1 – \d+ (\w{3} \d{4})$/.exec(span) ?? /^1–\d+ (\w{3} \d{4})$/.exec(span) ?? [];
  switch (period) {
    case 'month':
      return first || span;
    case 'quarter':
      return quarterName(span) ?? span;
    case 'year':
      return /^1 Jan – 31 Dec (\d{4})$/.exec(span)?.[1] ?? span;
    default:
      return span;
  }
}

const QUARTERS: Record<string, string> = {
  '1 Jan – 31 Mar': 'Q1',
  '1 Apr – 30 Jun': 'Q2',
  '1 Jul – 30 Sep': 'Q3',
  '1 Oct – 31 Dec': 'Q4',
};

function quarterName(span: string): string | undefined {
  const quarter = QUARTERS[span.slice(0, -5)];
  return quarter && `${quarter} ${span.slice(-4)}`;
}

/** What stands under a bar, where there is little room: the period where it has a name, else its first day. */
export function periodTick(name: string, from: string, zone: string): string {
  const short = /^(?:(\w{2,3}) )?(\d{4})$/.exec(name);
  if (!short) return axisLabel(dayInZone(from, zone), 'day');
  const [, first, year = ''] = short;
  return first ? `${first} ’${year.slice(2)}` : year;
}
