import { daySpan, instantInZone, instantSpan, timeInZone, dayInZone } from './dates.ts';
import {
  addDays,
  daysBetween,
  isOfInstants,
  PERIODS,
  type Period,
  PRESET_LABEL,
  PRESETS,
  type Preset,
  type RangeChoice,
} from './range.ts';

export interface Days {
  from: string;
  /** Not included. */
  to: string;
}

type Unit = 'day' | 'week' | 'month' | 'year';

export const PERIOD_KEY: Record<Period, string> = {
  today: 'd',
  this_week: 'w',
  this_month: 'm',
  this_year: 'y',
};

const UNIT_OF: Record<Period, Unit> = {
  today: 'day',
  this_week: 'week',
  this_month: 'month',
  this_year: 'year',
};

/** The days that a named range stands for on this day, as the server reckons them. Weeks begin on Monday. */
export function daysOf(preset: Preset, today: string): Days {
  switch (preset) {
    case 'today':
      return unitWith('day', today);
    case '7d':
      return { from: addDays(today, -6), to: addDays(today, 1) };
    case '30d':
      return { from: addDays(today, -29), to: addDays(today, 1) };
    case '90d':
      return { from: addDays(today, -89), to: addDays(today, 1) };
    case 'this_week':
      return unitWith('week', today);
    case 'this_month':
      return unitWith('month', today);
    case 'last_month':
      return unitWith('month', addDays(unitWith('month', today).from, -1));
    case 'this_year':
      return unitWith('year', today);
  }
}

/** The calendar day, week, month or year that holds this day. */
function unitWith(unit: Unit, day: string): Days {
  if (unit === 'day') return { from: day, to: addDays(day, 1) };
  if (unit === 'week') {
    const sinceMonday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
    const from = addDays(day, -sinceMonday);
    return { from, to: addDays(from, 7) };
  }
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  if (unit === 'month') return { from: firstOf(year, month), to: firstOf(year, month + 1) };
  return { from: firstOf(year, 1), to: firstOf(year + 1, 1) };
}

function firstOf(year: number, month: number): string {
  return new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);
}

/** Which calendar period these days are, where they are exactly one. */
function unitOf(days: Days): Unit | null {
  const units: Unit[] = ['day', 'week', 'month', 'year'];
  return (
    units.find((unit) => unitWith(unit, days.from).to === days.to && startsUnit(unit, days.from)) ?? null
  );
}

function startsUnit(unit: Unit, day: string): boolean {
  return unitWith(unit, day).from === day;
}

/** The period button that shows this range, whichever day, week, month or year it is. */
export function periodOf(range: RangeChoice, today: string): Period | null {
  if (!('preset' in range) && isOfInstants(range)) return null;
  const unit = unitOf('preset' in range ? daysOf(range.preset, today) : range);
  return PERIODS.find((period) => UNIT_OF[period] === unit) ?? null;
}

/**
 * The range one step earlier or later: a calendar period becomes its neighbour, any other range moves by its own
 * length. Nothing later than the present one: null.
 */
export function shiftRange(range: RangeChoice, step: -1 | 1, today: string, now: Date): RangeChoice | null {
  if (!('preset' in range) && isOfInstants(range)) return shiftInstants(range, step, now);
  const days = 'preset' in range ? daysOf(range.preset, today) : range;
  const moved = shiftDays(days, step);
  if (step > 0 && moved.from > today) return null;
  return named(moved, today) ?? moved;
}

function shiftDays(days: Days, step: -1 | 1): Days {
  const unit = unitOf(days);
  if (unit) return unitWith(unit, step > 0 ? days.to : addDays(days.from, -1));
  const width = daysBetween(days.from, days.to) * step;
  return { from: addDays(days.from, width), to: addDays(days.to, width) };
}

function shiftInstants(range: Days, step: -1 | 1, now: Date): RangeChoice | null {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
  const width = (to - from) * step;
  if (step > 0 && from + width > now.getTime()) return null;
  return { from: instantText(from + width), to: instantText(to + width) };
}

function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The name of these days, where they have one today. */
function named(days: Days, today: string): RangeChoice | null {
  const preset = [...PERIODS, ...PRESETS].find((one) => {
    const other = daysOf(one, today);
    return other.from === days.from && other.to === days.to;
  });
  return preset ? { preset } : null;
}

/** Two instants as a range: of whole days where both are midnights of the zone, which is easier to read. */
export function rangeOfInstants(from: string, to: string, tz: string): RangeChoice {
  const areDays = [from, to].every((instant) => timeInZone(instant, tz) === '00:00:00');
  return areDays ? { from: dayInZone(from, tz), to: dayInZone(to, tz) } : { from, to };
}

/** A range in words: `This month`, `10–16 Nov 2026`, `16 Nov 2026, 10:00 – 11:00`. */
export function rangeText(range: RangeChoice, tz: string): string {
  if ('preset' in range) return PRESET_LABEL[range.preset];
  if (!isOfInstants(range)) return daySpan(range.from, addDays(range.to, -1));
  return momentSpan(range.from, range.to, tz);
}

/** `10–16 Nov 2026` of whole days, `16 Nov 2026, 10:00 – 11:00` of less. */
export function momentSpan(from: string, to: string, tz: string): string {
  const range = rangeOfInstants(from, to, tz);
  if ('preset' in range || !isOfInstants(range)) return instantSpan(from, to, tz);
  const start = minutes(instantInZone(from, tz));
  const end = dayInZone(from, tz) === dayInZone(to, tz) ? timeInZone(to, tz) : instantInZone(to, tz);
  return `${start} – ${minutes(end)}`;
}

function minutes(text: string): string {
  return text.replace(/:00$/, '');
}

/** Whether the range has begun and is not over. */
export function isRunning(range: RangeChoice, today: string, now: Date): boolean {
  if (!('preset' in range) && isOfInstants(range)) {
    return Date.parse(range.from) <= now.getTime() && now.getTime() < Date.parse(range.to);
  }
  const days = 'preset' in range ? daysOf(range.preset, today) : range;
  return days.from <= today && today < days.to;
}

/** The days that a range touches in the zone, `to` not included. */
export function daysShown(range: RangeChoice, tz: string, today: string): Days {
  if ('preset' in range) return daysOf(range.preset, today);
  if (!isOfInstants(range)) return range;
  const end = new Date(Date.parse(range.to) - 1).toISOString();
  return { from: dayInZone(range.from, tz), to: addDays(dayInZone(end, tz), 1) };
}
