import type { Granularity, UsageBucket } from '@meterwire/client';
import { addDays } from './range.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const day = (date: Date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
const dayAndYear = (date: Date) => `${day(date)} ${date.getUTCFullYear()}`;
const monthAndYear = (date: Date) => `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
const withWeekday = (date: Date, shown: string) => `${WEEKDAYS[date.getUTCDay()]} ${shown}`;

/** Bucket labels carry local wall time, so they are read as if they were UTC and never moved. */
function wallTime(label: string): Date {
  const text = label.length === 7 ? `${label}-01` : label;
  return new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);
}

/** Whether a bucket was still filling when the answer was made. */
export function isPartial(bucket: UsageBucket, asOf: string): boolean {
  const now = Date.parse(asOf);
  return Date.parse(bucket.start) <= now && now < Date.parse(bucket.end);
}

/** Under an axis: `16 Nov`, `10:00`, `Nov 2026`. */
export function axisLabel(label: string, granularity: Granularity): string {
  if (granularity === 'hour' || granularity === '15m') return label.slice(11, 16);
  if (granularity === 'month') return monthAndYear(wallTime(label));
  return day(wallTime(label));
}

/** In full, for a reader who sees only this point: `Mon 16 Nov 2026, 10:00`. A year that is plain is left out. */
export function bucketLabel(label: string, granularity: Granularity, plainYear = ''): string {
  const date = wallTime(label);
  const shown = withoutYear(dayAndYear(date), plainYear);
  switch (granularity) {
    case '15m':
    case 'hour':
      return `${withWeekday(date, shown)}, ${label.slice(11, 16)}`;
    case 'week':
      return `Week of ${shown}`;
    case 'month':
      return monthAndYear(date);
    case 'day':
      return withWeekday(date, shown);
  }
}

/** `10–16 Nov 2026`, of two days that are both included. */
export function daySpan(first: string, last: string): string {
  const a = wallTime(first);
  const b = wallTime(last);
  if (first === last) return dayAndYear(b);
  if (first.slice(0, 7) === last.slice(0, 7)) return `${a.getUTCDate()}–${dayAndYear(b)}`;
  if (first.slice(0, 4) === last.slice(0, 4)) return `${day(a)} – ${dayAndYear(b)}`;
  return `${dayAndYear(a)} – ${dayAndYear(b)}`;
}

/** The same without the year, where the year is plain from what stands beside it: `10–16 Nov`. */
export function withoutYear(span: string, year: string): string {
  return span.endsWith(` ${year}`) ? span.slice(0, -year.length - 1) : span;
}

/**
 * What a range is measured against: `9–15 Nov`. Where the range is not over yet the server cuts the period before at
 * the same moment, and that is said: `9–15 Nov until 10:30`.
 */
export function comparedSpan(compared: { from: string; to: string }, tz: string, plainYear: string): string {
  const span = withoutYear(instantSpan(compared.from, compared.to, tz), plainYear);
  const end = partsInZone(compared.to, tz);
  const cut = `${end.hour}:${end.minute}:${end.second}` !== '00:00:00';
  return cut ? `${span} until ${end.hour}:${end.minute}` : span;
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}

/** The days that lie in `[from, to)` as seen in the zone: `10–16 Nov 2026`. */
export function instantSpan(from: string, to: string, tz: string): string {
  const first = dayInZone(from, tz);
  const last = dayInZone(new Date(Date.parse(to) - 1).toISOString(), tz);
  return daySpan(first, laterOf(first, last));
}

export function dayInZone(instant: string, tz: string): string {
  const parts = partsInZone(instant, tz);
  return `${parts.year}-${parts.month}-${parts.day}`;
}

export function todayInZone(now: Date, tz: string): string {
  return dayInZone(now.toISOString(), tz);
}

/** `16 Nov 2026, 10:30:05` as a clock in the zone would show it, without the year where it is the current one. */
export function instantInZone(instant: string, tz: string, currentYear = ''): string {
  const parts = partsInZone(instant, tz);
  const full = dayAndYear(wallTime(`${parts.year}-${parts.month}-${parts.day}`));
  const date = withoutYear(full, currentYear);
  return `${date}, ${parts.hour}:${parts.minute}:${parts.second}`;
}

export function timeInZone(instant: string, tz: string): string {
  const parts = partsInZone(instant, tz);
  return `${parts.hour}:${parts.minute}:${parts.second}`;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function partsInZone(instant: string, tz: string): Record<string, string> {
  let format = zoneFormats.get(tz);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: tz,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    zoneFormats.set(tz, format);
  }
  return Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}

/** The seven days that end with this one, for "show me where my usage is". */
export function weekEndingWith(lastDay: string): { from: string; to: string } {
  return { from: addDays(lastDay, -6), to: addDays(lastDay, 1) };
}
