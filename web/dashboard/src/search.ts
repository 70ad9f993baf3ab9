import {
  cleanFilters,
  DEFAULT_LOG,
  DEFAULT_VIEW,
  DIMENSIONS,
  type Dimension,
  type Filters,
  isPreset,
  isRange,
  isSort,
  isZone,
  type LogState,
  PAGE_SIZES,
  type RangeChoice,
  SHOWN_METRICS,
  type ShownMetric,
  type UsageView,
} from '@meterwire/react';

/** Everything that the overview shows, as it stands in the address. */
export interface OverviewState {
  view: UsageView;
  metric: ShownMetric;
  log: LogState;
}

/** The address's parameters. A repeated one is a list. */
export type Search = Record<string, string | string[]>;

export function parseSearch(text: string): Search {
  const search: Search = {};
  const parameters = new URLSearchParams(text);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    search[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string') parameters.append(name, one);
    }
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

/** Reads an address that anybody may have written: what makes no sense falls back to the default. */
export function stateFromSearch(search: Search): OverviewState {
  const tz = one(search.tz);
  const tenant = one(search.tenant);
  return {
    view: {
      range: rangeFrom(search),
      ...(isZone(tz) ? { tz } : {}),
      ...(tenant ? { tenant } : {}),
      filters: filtersFrom(search),
      ...pricedFrom(one(search.priced)),
    },
    metric: SHOWN_METRICS.find((metric) => metric === one(search.metric)) ?? 'calls',
    log: logFrom(search),
  };
}

/** The part of the address that several pages share: range, zone, tenant and filters. */
export function searchFromView(view: UsageView): Search {
  const search: Search = {};
  if ('preset' in view.range) search.range = view.range.preset;
  else Object.assign(search, view.range);
  if (view.tz) search.tz = view.tz;
  if (view.tenant) search.tenant = view.tenant;
  for (const dimension of DIMENSIONS) {
    const values = view.filters[dimension];
    if (values && values.length > 0)
      search[dimension] = values.length === 1 ? (values[0] ?? '') : [...values];
  }
  if (view.priced !== undefined) search.priced = String(view.priced);
  return search;
}

const VIEW_NAMES: readonly string[] = ['range', 'from', 'to', 'tz', 'tenant', 'priced', ...DIMENSIONS];

/** The same address with another view: what a page keeps beside it stays. */
export function withView(search: Search, view: UsageView): Search {
  const own = Object.entries(search).filter(([name]) => !VIEW_NAMES.includes(name));
  return { ...searchFromView(view), ...Object.fromEntries(own) };
}

/** What of a log's address belongs to the events that are shown: with others it begins anew. */
export const OF_SHOWN_EVENTS = ['page', 'cursor', 'receipt'] as const;

/** Writes only what differs from the default, so that addresses stay short. */
export function searchFromState({ view, metric, log }: OverviewState): Search {
  const search = searchFromView(view);
  if (metric !== 'calls') search.metric = metric;
  if (log.sort !== DEFAULT_LOG.sort) search.sort = log.sort;
  if (log.page !== DEFAULT_LOG.page) search.page = String(log.page);
  if (log.pageSize !== DEFAULT_LOG.pageSize) search.rows = String(log.pageSize);
  return search;
}

function rangeFrom(search: Search): RangeChoice {
  const dates = { from: one(search.from), to: one(search.to) };
  if (isRange(dates)) return { from: dates.from, to: dates.to };
  const preset = one(search.range);
  return isPreset(preset) ? { preset } : DEFAULT_VIEW.range;
}

function filtersFrom(search: Search): Filters {
  const entries = DIMENSIONS.map((dimension: Dimension) => [dimension, many(search[dimension])] as const);
  return cleanFilters(Object.fromEntries(entries));
}

function pricedFrom(text: string | undefined): { priced?: boolean } {
  return text === 'true' || text === 'false' ? { priced: text === 'true' } : {};
}

const MAX_PAGE = 1_000_000;

function logFrom(search: Search): LogState {
  const sort = one(search.sort);
  const page = Number(one(search.page));
  const rows = Number(one(search.rows));
  return {
    sort: isSort(sort) ? sort : DEFAULT_LOG.sort,
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : DEFAULT_LOG.page,
    pageSize: PAGE_SIZES.find((size) => size === rows) ?? DEFAULT_LOG.pageSize,
  };
}

export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function many(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
