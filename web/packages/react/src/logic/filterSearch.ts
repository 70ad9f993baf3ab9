import type { Dimension, Filters, UsageAnswer } from '@meterwire/client';
import { cleanFilters } from './range.ts';

/** The dimensions whose values are looked through, in the order in which they are shown. */
export const SEARCHED = [
  'model',
  'project',
  'user',
  'provider',
  'api_key',
  'department',
  'status',
  'country',
  'agent',
  'operation',
  'service_tier',
] as const satisfies readonly Dimension[];

export interface FilterOption {
  dimension: Dimension;
  value: string;
  /** Calls in the range; null where it was typed and nobody knows. */
  calls: number | null;
  chosen: boolean;
}

const SHOWN_A_DIMENSION = 5;
const SHOWN_WHEN_SEARCHING = 8;
const MAX_VALUE_LENGTH = 256;

export type ValuesOf = Partial<Record<Dimension, UsageAnswer | undefined>>;

/** What the words in the field could mean: values that contain them, and `user:u-42` taken as it is. */
export function filterOptions(text: string, values: ValuesOf, filters: Filters): FilterOption[] {
  const { dimension: named, words } = readSearch(text);
  const wanted = words.toLowerCase();
  const most = named ? 40 : wanted ? SHOWN_WHEN_SEARCHING : SHOWN_A_DIMENSION;
  const options = SEARCHED.filter((dimension) => !named || dimension === named).flatMap((dimension) =>
    (values[dimension]?.groups ?? [])
      .filter(({ other }) => !other)
      .map(({ key, total }) => ({ value: key[0] ?? '', calls: total.calls ?? 0 }))
      .filter(({ value }) => shownValueName(value).toLowerCase().includes(wanted))
      .slice(0, most)
      .map(({ value, calls }) => ({ dimension, value, calls, chosen: isChosen(filters, dimension, value) })),
  );
  const isExact = options.some(({ dimension, value }) => dimension === named && value === words);
  if (!named || words === '' || isExact || words.length > MAX_VALUE_LENGTH) return options;
  // Of many values only the largest are known here; any other can be named in full.
  return [
    ...options,
    { dimension: named, value: words, calls: null, chosen: isChosen(filters, named, words) },
  ];
}

/** `user:u-42` names the dimension, with or without a space after it. */
export function readSearch(text: string): { dimension: Dimension | null; words: string } {
  const match = /^\s*([a-z_ ]+?)\s*:\s*(.*)$/i.exec(text);
  const name = match?.[1]?.toLowerCase().replaceAll(' ', '_');
  const dimension = SEARCHED.find((one) => one === name);
  if (!match || !dimension) return { dimension: null, words: text.trim() };
  return { dimension, words: (match[2] ?? '').trim() };
}

/** An event without a value says so. */
export function shownValueName(value: string): string {
  return value === '' ? '(none)' : value;
}

function isChosen(filters: Filters, dimension: Dimension, value: string): boolean {
  return filters[dimension]?.includes(value) ?? false;
}

/** Adds a value to those that are alternatives, or takes it away. */
export function withValue(filters: Filters, { dimension, value, chosen }: FilterOption): Filters {
  const others = (filters[dimension] ?? []).filter((other) => other !== value);
  return cleanFilters({ ...filters, [dimension]: chosen ? others : [...others, value] });
}
