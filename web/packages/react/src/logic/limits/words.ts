import type { Counts, LimitWindow, Standing } from '@meterwire/client';
import { instantInZone } from '../dates.ts';
import { formatUsd, formatUsdExact } from '../money.ts';

/** Words that are written otherwise than other words. */
const SPECIAL: Record<string, string> = { api: 'API', cpu: 'CPU', gpu: 'GPU', usd: 'USD', id: 'ID' };

/** `api_calls` -> `API calls`. */
export function metricLabel(name: string): string {
  if (name === 'cost_usd') return 'Cost';
  const words = name.split('_').filter(Boolean);
  const text = words.map((word) => SPECIAL[word] ?? word).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const EXACT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 9 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** Every digit of an amount, in dollars where it is money: `1,234.5`, `$0.03`. */
export function exactAmount(metric: string, value: number): string {
  if (metric === 'cost_usd') return formatUsdExact(value.toFixed(9));
  return EXACT.format(value);
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** The same as it is shown: money rounded, bytes in the largest unit that leaves a number from 1 to 1,024. */
export function shownAmount(metric: string, value: number, unit: string | null | undefined): string {
  if (metric === 'cost_usd') return formatUsd(value.toFixed(9));
  if (!isBytes(unit)) return exactAmount(metric, value);
  let size = value;
  let step = 0;
  while (size >= 1024 && step < BYTE_UNITS.length - 1) {
    size /= 1024;
    step += 1;
  }
  return step === 0 ? `${EXACT.format(value)} bytes` : `${ONE_DECIMAL.format(size)} ${BYTE_UNITS[step]}`;
}

function isBytes(unit: string | null | undefined): boolean {
  return unit === 'bytes' || unit === 'byte' || unit === 'B';
}

/** `10`, `Unlimited` */
export function limitText(
  metric: string,
  limit: number | null | undefined,
  unit?: string | null | undefined,
): string {
  return limit === null || limit === undefined ? 'Unlimited' : shownAmount(metric, limit, unit);
}

/** A unit is only worth a word where the metric's name does not say it: not `7 deployments of Deployments`. */
export function unitBeside(metric: string, unit: string | null | undefined): string {
  if (!unit || isBytes(unit) || metric === 'cost_usd') return '';
  return metricLabel(metric).toLowerCase().includes(unit.toLowerCase().replaceAll('_', ' ')) ? '' : unit;
}

export type Tone = 'calm' | 'near' | 'full';

const NEAR_PERCENT = 80;

/** How a standing is judged: near from four fifths of the limit, full when nothing is left. */
export function toneOf(percentage: number | null): Tone {
  if (percentage === null || percentage < NEAR_PERCENT) return 'calm';
  return percentage < 100 ? 'near' : 'full';
}

/** A limit of zero has no percentage that could be computed: it is used up before anything happens. */
export function percentageOf({ percentage, limit }: Pick<Standing, 'percentage' | 'limit'>): number | null {
  if (limit === null) return null;
  return percentage ?? (limit === 0 ? 100 : 0);
}

/** `70 %`, `99.9 %` rather than a rounded-up 100, `< 0.1 %` rather than a rounded-down nothing. */
export function percentText(percentage: number): string {
  if (percentage > 0 && percentage < 0.1) return '< 0.1 %';
  const shown = percentage < 100 ? Math.min(99.9, Math.round(percentage * 10) / 10) : percentage;
  return `${ONE_DECIMAL.format(shown)} %`;
}

const MINUTE_MS = 60_000;

/** `less than a minute`, `42 min`, `6 h 30 min`, `3 days 4 h` */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  const shown = `${days} ${days === 1 ? 'day' : 'days'}`;
  return hours % 24 === 0 ? shown : `${shown} ${hours % 24} h`;
}

export interface ResetWords {
  /** `Resets in 6 h 30 min` */
  left: string;
  /** `23 Nov, 00:00 (UTC)`; empty for a level. */
  moment: string;
}

/** When a counter starts again, in words and in the zone; a level says that it does not. */
export function resetWords(resetsAt: string | null, zone: string, now: Date): ResetWords {
  if (!resetsAt) return { left: 'A level: it is not reset', moment: '' };
  const left = Date.parse(resetsAt) - now.getTime();
  const year = String(now.getUTCFullYear());
  const moment = `${instantInZone(resetsAt, zone, year).slice(0, -':00'.length)} (${zone})`;
  return { left: left <= 0 ? 'Resets now' : `Resets in ${durationText(left)}`, moment };
}

export const WINDOW_LABEL: Record<LimitWindow, string> = {
  day: 'Each day',
  week: 'Each week',
  month: 'Each month',
  none: 'Never (a level)',
};

export const WINDOW_HELP: Record<LimitWindow, string> = {
  day: 'Counters start again at midnight in the zone.',
  week: 'Counters start again on Monday at midnight in the zone.',
  month: 'Counters start again on the first of the month at midnight in the zone.',
  none: 'A level, such as storage: it goes up and down and never starts again by itself.',
};

export const COUNTS_LABEL: Record<Counts, string> = {
  events: 'Every event',
  tokens: 'Tokens of events',
  cost_usd: 'Cost of events',
  named: 'What events name',
  decisions: 'Decisions only',
};

/** One sentence each, for the form in which it is chosen. */
export const COUNTS_HELP: Record<Counts, string> = {
  events: 'Every event counts as one, unless it names another amount for this metric itself.',
  tokens: 'Every event counts all of its tokens, unless it names another amount for this metric itself.',
  cost_usd: 'Every event counts what it cost, in US dollars.',
  named: 'An event counts only the amount that it names for this metric itself.',
  decisions:
    'Events add nothing; only consume, increment and reservations do, so nothing is counted twice by a caller that does both.',
};
