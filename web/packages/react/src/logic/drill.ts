import type { Dimension, Filters, UsageAnswer, UsageBucket } from '@meterwire/client';
import { rangeOfInstants } from './period.ts';
import { cleanFilters, type RangeChoice, type UsageView } from './range.ts';

/** The rows behind a number: which of the view's events it is made of. */
export interface Drill {
  range: RangeChoice;
  filters: Filters;
  /** Only those with a known cost, or only those without. */
  priced?: boolean | undefined;
  tz?: string | undefined;
}

/** Everything that the view shows, or these moments of it. */
export function drillOf(
  view: UsageView,
  answer: { tz: string },
  moments?: { from: string; to: string },
): Drill {
  return {
    range: moments ? rangeOfInstants(moments.from, moments.to, answer.tz) : view.range,
    filters: view.filters,
    tz: view.tz,
  };
}

/** The same with only these values of a dimension. */
export function narrowed(drill: Drill, dimension: Dimension, values: readonly string[]): Drill {
  return { ...drill, filters: cleanFilters({ ...drill.filters, [dimension]: values }) };
}

/** The moments of a bucket that lie in the range: the first and the last week of a month are cut by it. */
export function momentsOf(
  bucket: Pick<UsageBucket, 'start' | 'end'>,
  answer: Pick<UsageAnswer, 'from' | 'to'>,
): { from: string; to: string } {
  const startsBefore = Date.parse(bucket.start) < Date.parse(answer.from);
  const endsAfter = Date.parse(bucket.end) > Date.parse(answer.to);
  return { from: startsBefore ? answer.from : bucket.start, to: endsAfter ? answer.to : bucket.end };
}

/** Statuses that count as errors, as the server counts them: from 400. */
export function isErrorStatus(status: string | null | undefined): boolean {
  return Number(status ?? '') >= 400;
}

/** A filter may have at most so many values. */
export const MAX_FILTER_VALUES = 100;
