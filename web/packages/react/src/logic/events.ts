import type { Dimension, UsageLogItem } from '@meterwire/client';
import { instantInZone, todayInZone } from './dates.ts';
import { DEFAULT_SORT, type LogColumn, PAGE_SIZES } from './log.ts';
import { addUsd, decimalOfNumber, exactDecimals, formatUsd, formatUsdExact } from './money.ts';
import { formatInteger, formatMilliseconds } from './number.ts';

export interface EventColumn extends LogColumn {
  field: EventField;
  /** A click on a value shows only events that have it. */
  dimension?: Dimension;
}

/** Every column that the server sorts by, in the order in which they stand. */
export const EVENT_FIELDS = [
  'date',
  'projectName',
  'provider',
  'model',
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cost',
  'status',
  'latencyMs',
  'user',
  'apiKey',
  'agent',
  'department',
  'country',
  'operation',
  'serviceTier',
  'source',
  'id',
] as const;
export type EventField = (typeof EVENT_FIELDS)[number];

export const EVENT_COLUMNS: readonly EventColumn[] = [
  { field: 'date', label: 'Date', numeric: false },
  { field: 'projectName', label: 'Project', numeric: false, dimension: 'project' },
  { field: 'provider', label: 'Provider', numeric: false, dimension: 'provider' },
  { field: 'model', label: 'Model', numeric: false, dimension: 'model' },
  { field: 'inputTokens', label: 'Input', numeric: true },
  { field: 'outputTokens', label: 'Output', numeric: true },
  { field: 'totalTokens', label: 'Tokens', numeric: true },
  { field: 'cost', label: 'Cost', numeric: true },
  { field: 'status', label: 'Status', numeric: true, dimension: 'status' },
  { field: 'latencyMs', label: 'Latency', numeric: true },
  { field: 'user', label: 'User', numeric: false, dimension: 'user' },
  { field: 'apiKey', label: 'API key', numeric: false, dimension: 'api_key' },
  { field: 'agent', label: 'Agent', numeric: false, dimension: 'agent' },
  { field: 'department', label: 'Department', numeric: false, dimension: 'department' },
  { field: 'country', label: 'Country', numeric: false, dimension: 'country' },
  { field: 'operation', label: 'Operation', numeric: false, dimension: 'operation' },
  { field: 'serviceTier', label: 'Service tier', numeric: false, dimension: 'service_tier' },
  { field: 'source', label: 'Source', numeric: false },
  { field: 'id', label: 'Id', numeric: false },
];

export const DEFAULT_FIELDS: readonly EventField[] = [
  'date',
  'projectName',
  'model',
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cost',
  'status',
  'latencyMs',
  'user',
];

/** The log as it stands in the address. */
export interface EventsState {
  sort: string;
  pageSize: number;
  page: number;
  /** Where the page begins; absent on the first, and where only its number is known. */
  cursor?: string | undefined;
  fields: readonly EventField[];
  /** The event that is opened whole. */
  receipt?: { source: string; id: string } | undefined;
}

export const DEFAULT_EVENTS: EventsState = {
  sort: DEFAULT_SORT,
  pageSize: PAGE_SIZES[1],
  page: 1,
  fields: DEFAULT_FIELDS,
};

/** Page numbers reach so many rows deep; beyond only a cursor leads. */
export const NUMBERED_ROWS = 100_000;

export function isEventSort(value: unknown): value is string {
  return typeof value === 'string' && EVENT_FIELDS.some((field) => field === value.replace(/^-/, ''));
}

/** Columns by their names, in their own order; none that makes sense are the usual ones. */
export function fieldsFrom(names: readonly string[]): readonly EventField[] {
  const fields = EVENT_FIELDS.filter((field) => names.includes(field));
  return fields.length > 0 ? fields : DEFAULT_FIELDS;
}

export function sameFields(a: readonly EventField[], b: readonly EventField[]): boolean {
  return a.length === b.length && a.every((field) => b.includes(field));
}

/** Another order, other filters or another range begin at the first page. */
export function fromTheTop(state: EventsState): EventsState {
  const { cursor: _, ...rest } = state;
  return { ...rest, page: 1 };
}

export interface EventCell {
  text: string;
  title?: string;
  /** What a filter for this value would be. */
  filter?: { dimension: Dimension; value: string };
  tone?: 'bad' | 'warn';
}

export interface EventRow {
  key: string;
  item: UsageLogItem;
  cells: Record<EventField, EventCell>;
}

const NONE = '–';

/** `now` decides only which year goes without saying. */
export function eventRows(items: readonly UsageLogItem[], tz: string, now: Date): EventRow[] {
  const year = todayInZone(now, tz).slice(0, 4);
  const decimals = exactDecimals(items.map(costOf));
  return items.map((item) => {
    const label = (dimension: Dimension, value: string | null | undefined): EventCell => ({
      text: value || NONE,
      filter: { dimension, value: value ?? '' },
    });
    const failed = (item.status ?? 0) >= 400;
    return {
      key: `${item.source} ${item.id}`,
      item,
      cells: {
        date: { text: instantInZone(item.date, tz, year), title: item.date },
        projectName: label('project', item.projectName),
        provider: label('provider', item.provider),
        model: label('model', item.model),
        inputTokens: { text: formatInteger(item.inputTokens) },
        outputTokens: { text: formatInteger(item.outputTokens) },
        totalTokens: { text: formatInteger(item.totalTokens) },
        cost: item.priced
          ? { text: formatUsd(costOf(item), decimals), title: formatUsdExact(costOf(item)) }
          : { text: 'No price', tone: 'warn' },
        status: {
          ...label('status', item.status == null ? null : String(item.status)),
          ...(failed ? { tone: 'bad' as const } : {}),
        },
        latencyMs: { text: item.latencyMs == null ? NONE : formatMilliseconds(item.latencyMs) },
        user: label('user', item.user),
        apiKey: label('api_key', item.apiKey),
        agent: label('agent', item.agent),
        department: label('department', item.department),
        country: label('country', item.country),
        operation: label('operation', item.operation),
        serviceTier: label('service_tier', item.serviceTier),
        source: { text: item.source },
        id: { text: item.id },
      },
    };
  });
}

/** Exact dollars as text; what has no price costs nothing that is known. */
function costOf(item: UsageLogItem): string {
  return item.priced && item.cost != null ? decimalOfNumber(item.cost) : '0';
}

export interface PageSum {
  tokens: number;
  cost: string;
  unpriced: number;
}

/** What the rows of one page add up to, exact. */
export function pageSum(items: readonly UsageLogItem[]): PageSum {
  return {
    tokens: items.reduce((sum, { totalTokens }) => sum + totalTokens, 0),
    cost: addUsd(items.map(costOf)),
    unpriced: items.filter(({ priced }) => !priced).length,
  };
}
