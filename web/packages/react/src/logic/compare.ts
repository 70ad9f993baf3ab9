import type { Comparing } from '@meterwire/client';
import { addDays, daysBetween, isDay, MAX_CUSTOM_DAYS } from './range.ts';

/** What a range is set beside. */
export type CompareChoice =
  | { with: 'none' }
  | { with: 'previous' | 'last_year'; byWeekday: boolean }
  | { with: 'custom'; from: string; to: string };

export const DEFAULT_COMPARE: CompareChoice = { with: 'previous', byWeekday: false };

export const COMPARE_NAMES = ['previous', 'last_year', 'custom', 'none'] as const;
export type CompareName = (typeof COMPARE_NAMES)[number];

export const COMPARE_LABEL: Record<CompareName, string> = {
  previous: 'Previous period',
  last_year: 'Last year',
  custom: 'Other days',
  none: 'No comparison',
};

export function comparingOf(choice: CompareChoice): Comparing {
  if (choice.with === 'none') return {};
  if (choice.with === 'custom') {
    return { compare: 'custom', compare_from: choice.from, compare_to: choice.to };
  }
  return { compare: choice.with, ...(choice.byWeekday ? { match: 'weekday' as const } : {}) };
}

/** In a legend or a heading: `Previous period, by weekday`. */
export function compareText(choice: CompareChoice): string {
  const label = COMPARE_LABEL[choice.with];
  return 'byWeekday' in choice && choice.byWeekday ? `${label}, by weekday` : label;
}

/** As many days right before these, to begin a custom comparison with. */
export function daysBefore(days: { from: string; to: string }): { first: string; last: string } {
  const width = daysBetween(days.from, days.to);
  return { first: addDays(days.from, -width), last: addDays(days.from, -1) };
}

export function isCompareDays(from: unknown, to: unknown): boolean {
  return isDay(from) && isDay(to) && from < to && daysBetween(from, to) <= MAX_CUSTOM_DAYS;
}
