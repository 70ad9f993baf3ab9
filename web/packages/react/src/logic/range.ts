import type { Dimension, Filters, Granularity, Span } from '@meterwire/client';

export const PRESETS = ['today', '7d', '30d', '90d', 'this_month', 'last_month'] as const;

/** The calendar periods that are running now, each a key on the keyboard: `d w m y`. */
export const PERIODS = ['today', 'this_week', 'this_month', 'this_year'] as const;
export type Period = (typeof PERIODS)[number];

export type Preset = (typeof PRESETS)[number] | Period;

export const PRESET_LABEL: Record<Preset, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  this_week: 'This week',
  this_month: 'This month',
  last_month: 'Last month',
  this_year: 'This year',
};

export const DIMENSIONS = [
  'provider',
  'model',
  'project',
  'user',
  'api_key',
  'agent',
  'department',
  'country',
  'status',
  'operation',
  'service_tier',
] as const satisfies readonly Dimension[];

/** A named range, or two days or two instants, of which `to` is not included (as the API means it). */
export type RangeChoice = { preset: Preset } | { from: string; to: string };

/** What all components of one page show: when, whose, and of what only. */
export interface UsageView {
  range: RangeChoice;
  /** An IANA zone; without one the tenant's own zone counts. */
  tz?: string | undefined;
  tenant?: string | undefined;
  filters: Filters;
  /** Of the log: only events with a known cost, or only those whose model has no price. */
  priced?: boolean | undefined;
}

export const DEFAULT_VIEW: UsageView = { range: { preset: '7d' }, filters: {} };

/** Custom ranges are bounded, so that no page asks for more points than a chart can show. */
export const MAX_CUSTOM_DAYS = 366;

const DAY_MS = 86_400_000;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const FIRST_DAY = '2000-01-01';

export function isPreset(value: unknown): value is Preset {
  return [...PRESETS, ...PERIODS].includes(value as Preset);
}

/** A real calendar day since 2000, not only something of its form. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !ISO_DATE.test(value) || value < FIRST_DAY) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(value);
}

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** A moment as the server writes it: `2026-11-16T10:30:00Z`. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !ISO_INSTANT.test(value) || value < FIRST_DAY) return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19);
}

/** Where an hour was opened the range is of moments, not of days. */
export function isOfInstants(range: { from: string }): boolean {
  return range.from.length > 10;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** Checks first and last day as a person enters them, both included. */
export function customRange(
  firstDay: string,
  lastDay: string,
): { range: RangeChoice } | { problem: string; field: 'first' | 'last' } {
  if (!isDay(firstDay)) return { problem: 'Enter the first day.', field: 'first' };
  if (!isDay(lastDay)) return { problem: 'Enter the last day.', field: 'last' };
  if (lastDay < firstDay) return { problem: 'The last day is before the first.', field: 'last' };
  if (daysBetween(firstDay, lastDay) + 1 > MAX_CUSTOM_DAYS) {
    return { problem: `At most ${MAX_CUSTOM_DAYS} days can be shown at once.`, field: 'last' };
  }
  return { range: { from: firstDay, to: addDays(lastDay, 1) } };
}

export function isRange(range: { from: unknown; to: unknown }): range is { from: string; to: string } {
  const { from, to } = range;
  if (isDay(from) && isDay(to)) return from < to && daysBetween(from, to) <= MAX_CUSTOM_DAYS;
  if (!isInstant(from) || !isInstant(to)) return false;
  const width = Date.parse(to) - Date.parse(from);
  return width > 0 && width <= MAX_CUSTOM_DAYS * DAY_MS;
}

const HOUR_MS = 3_600_000;

/** Bars of a quarter for a few hours, of one hour for a day, of one day for up to a quarter, of one week beyond. */
export function granularityOf(range: RangeChoice): Granularity {
  if ('preset' in range) {
    if (range.preset === 'today') return 'hour';
    return range.preset === 'this_year' ? 'week' : 'day';
  }
  if (isOfInstants(range)) {
    const hours = (Date.parse(range.to) - Date.parse(range.from)) / HOUR_MS;
    if (hours <= 6) return '15m';
    if (hours <= 49) return 'hour';
    return hours <= 92 * 24 ? 'day' : 'week';
  }
  const days = daysBetween(range.from, range.to);
  if (days <= 1) return 'hour';
  return days <= 92 ? 'day' : 'week';
}

export function spanOf(view: UsageView): Span {
  return {
    ...('preset' in view.range ? { range: view.range.preset } : { from: view.range.from, to: view.range.to }),
    ...(view.tz ? { tz: view.tz } : {}),
    ...(view.tenant ? { tenant: view.tenant } : {}),
  };
}

/** Leaves dimensions without values out, so that equal views look equal. */
export function cleanFilters(filters: Filters): Filters {
  const entries = Object.entries(filters).filter(([, values]) => values && values.length > 0);
  return Object.fromEntries(entries) as Filters;
}

/** Shows only this value, or everything again where it was already the only one. */
export function toggleFilter(filters: Filters, dimension: Dimension, value: string): Filters {
  const current = filters[dimension] ?? [];
  const isOnly = current.length === 1 && current[0] === value;
  return cleanFilters({ ...filters, [dimension]: isOnly ? [] : [value] });
}

export function hasFilters(filters: Filters): boolean {
  return Object.values(filters).some((values) => values && values.length > 0);
}

/** Whether only some of the events are shown. */
export function isNarrowed({ filters, priced }: Pick<UsageView, 'filters' | 'priced'>): boolean {
  return priced !== undefined || hasFilters(filters);
}

export function sameView(a: UsageView, b: UsageView): boolean {
  return viewKey(a) === viewKey(b);
}

function viewKey(view: UsageView): string {
  const filters = Object.entries(cleanFilters(view.filters)).sort(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([spanOf(view), filters, view.priced]);
}
