import {
  COMPARE_NAMES,
  type CompareChoice,
  DEFAULT_COMPARE,
  DEFAULT_EVENTS,
  DEFAULT_STATS,
  DIMENSIONS,
  type EventsState,
  fieldsFrom,
  GRANULARITIES,
  isCompareDays,
  isEventSort,
  PAGE_SIZES,
  sameFields,
  SHOWN_METRICS,
  TREND_MODES,
  type UsageStatsState,
} from '@meterwire/react';
import { one, type Search } from './search.ts';

/** Reads an address that anybody may have written: what makes no sense falls back to the default. */
export function usageFromSearch(search: Search): UsageStatsState {
  const by = GRANULARITIES.find((width) => width === one(search.by));
  return {
    metric: SHOWN_METRICS.find((metric) => metric === one(search.metric)) ?? DEFAULT_STATS.metric,
    mode: TREND_MODES.find((mode) => mode === one(search.show)) ?? DEFAULT_STATS.mode,
    stack: DIMENSIONS.find((dimension) => dimension === one(search.stack)) ?? DEFAULT_STATS.stack,
    costBy: DIMENSIONS.find((dimension) => dimension === one(search.cost_by)) ?? DEFAULT_STATS.costBy,
    compare: compareFrom(search),
    ...(by ? { by } : {}),
  };
}

/** Writes only what differs from the default, so that addresses stay short. */
export function searchFromUsage(state: UsageStatsState): Search {
  const { metric, mode, stack, costBy, by, compare } = state;
  return {
    ...(metric === DEFAULT_STATS.metric ? {} : { metric }),
    ...(mode === DEFAULT_STATS.mode ? {} : { show: mode }),
    ...(stack ? { stack } : {}),
    ...(costBy === DEFAULT_STATS.costBy ? {} : { cost_by: costBy }),
    ...(by ? { by } : {}),
    ...searchFromCompare(compare),
  };
}

function compareFrom(search: Search): CompareChoice {
  const name = COMPARE_NAMES.find((choice) => choice === one(search.compare));
  const byWeekday = one(search.match) === 'weekday';
  if (name === 'none') return { with: 'none' };
  if (name !== 'custom') return { with: name ?? 'previous', byWeekday };
  const [from = '', to = ''] = [one(search.compare_from), one(search.compare_to)];
  return isCompareDays(from, to) ? { with: 'custom', from, to } : DEFAULT_COMPARE;
}

function searchFromCompare(compare: CompareChoice): Search {
  if (compare.with === 'none') return { compare: 'none' };
  if (compare.with === 'custom') {
    return { compare: 'custom', compare_from: compare.from, compare_to: compare.to };
  }
  return {
    ...(compare.with === 'previous' ? {} : { compare: compare.with }),
    ...(compare.byWeekday ? { match: 'weekday' } : {}),
  };
}

const MAX_PAGE = 10_000_000;
const MAX_TEXT_LENGTH = 2000;

export function eventsFromSearch(search: Search): EventsState {
  const [sort, cursor, columns] = [one(search.sort), one(search.cursor), one(search.columns)];
  const page = Number(one(search.page));
  const rows = Number(one(search.rows));
  const receipt = receiptFrom(one(search.receipt));
  const isPage = Number.isInteger(page) && page > 1 && page <= MAX_PAGE;
  return {
    sort: isEventSort(sort) ? sort : DEFAULT_EVENTS.sort,
    pageSize: PAGE_SIZES.find((size) => size === rows) ?? DEFAULT_EVENTS.pageSize,
    page: isPage ? page : 1,
    fields: columns ? fieldsFrom(columns.split(',')) : DEFAULT_EVENTS.fields,
    // A cursor is of a page after the first.
    ...(isPage && cursor && cursor.length <= MAX_TEXT_LENGTH ? { cursor } : {}),
    ...(receipt ? { receipt } : {}),
  };
}

export function searchFromEvents({ sort, pageSize, page, cursor, fields, receipt }: EventsState): Search {
  return {
    ...(sort === DEFAULT_EVENTS.sort ? {} : { sort }),
    ...(pageSize === DEFAULT_EVENTS.pageSize ? {} : { rows: String(pageSize) }),
    ...(page === 1 ? {} : { page: String(page) }),
    ...(cursor ? { cursor } : {}),
    ...(sameFields(fields, DEFAULT_EVENTS.fields) ? {} : { columns: fields.join(',') }),
    ...(receipt ? { receipt: [receipt.source, receipt.id].map(encodeURIComponent).join('/') } : {}),
  };
}

/** Source and id of an event; either may hold any character, so both are encoded by themselves. */
function receiptFrom(text: string | undefined): EventsState['receipt'] {
  const [source, id, ...rest] = (text ?? '').slice(0, MAX_TEXT_LENGTH).split('/');
  if (!source || !id || rest.length > 0) return undefined;
  try {
    return { source: decodeURIComponent(source), id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}
