import type { UsageLogItem } from '@meterwire/client';
import { instantInZone, todayInZone } from './dates.ts';
import { commonDecimals, decimalOfNumber, formatUsd, formatUsdExact } from './money.ts';
import { formatInteger, formatMilliseconds } from './number.ts';

export interface LogColumn {
  /** The name that the server sorts by. */
  field: string;
  label: string;
  numeric: boolean;
}

export const LOG_COLUMNS = [
  { field: 'date', label: 'Date', numeric: false },
  { field: 'projectName', label: 'Project Name', numeric: false },
  { field: 'model', label: 'Model', numeric: false },
  { field: 'inputTokens', label: 'Input Tokens', numeric: true },
  { field: 'outputTokens', label: 'Output Tokens', numeric: true },
  { field: 'totalTokens', label: 'Total Tokens', numeric: true },
  { field: 'cost', label: 'Cost', numeric: true },
  { field: 'status', label: 'Status', numeric: true },
  { field: 'latencyMs', label: 'Latency', numeric: true },
] as const satisfies readonly LogColumn[];

export type LogField = (typeof LOG_COLUMNS)[number]['field'];

export const DEFAULT_SORT = '-date';
export const PAGE_SIZES = [25, 50, 100] as const;
export const DEFAULT_PAGE_SIZE = 25;

/** The state of the log table, which belongs into the address too. */
export interface LogState {
  sort: string;
  page: number;
  pageSize: number;
}

export const DEFAULT_LOG: LogState = { sort: DEFAULT_SORT, page: 1, pageSize: DEFAULT_PAGE_SIZE };

export function isSort(value: unknown): value is string {
  return typeof value === 'string' && LOG_COLUMNS.some(({ field }) => field === value.replace(/^-/, ''));
}

export function sortDirection(sort: string, field: string): 'ascending' | 'descending' | 'none' {
  if (sort === field) return 'ascending';
  return sort === `-${field}` ? 'descending' : 'none';
}

/** Numbers and dates are wanted largest first, names from A; a second click turns it round. */
export function nextSort(sort: string, column: LogColumn): string {
  const descending = `-${column.field}`;
  const first = column.numeric || column.field === 'date' ? descending : column.field;
  const second = first === descending ? column.field : descending;
  return sort === first ? second : first;
}

export interface LogRow {
  key: string;
  date: string;
  instant: string;
  project: string;
  model: string;
  provider: string;
  input: string;
  output: string;
  total: string;
  /** Null where the call has no price. */
  cost: { text: string; exact: string } | null;
  status: string;
  failed: boolean;
  latency: string;
}

const NONE = '–';

/** `now` decides only which year goes without saying. */
export function logRows(items: readonly UsageLogItem[], tz: string, now: Date): LogRow[] {
  const year = todayInZone(now, tz).slice(0, 4);
  const decimals = commonDecimals(
    items.flatMap((item) => (hasPrice(item) ? [decimalOfNumber(item.cost)] : [])),
  );
  return items.map((item) => ({
    key: `${item.source} ${item.id}`,
    date: instantInZone(item.date, tz, year),
    instant: item.date,
    project: item.projectName ?? NONE,
    model: item.model ?? NONE,
    provider: item.provider ?? '',
    input: formatInteger(item.inputTokens),
    output: formatInteger(item.outputTokens),
    total: formatInteger(item.totalTokens),
    cost: costOf(item, decimals),
    status: item.status == null ? NONE : String(item.status),
    failed: (item.status ?? 0) >= 400,
    latency: item.latencyMs == null ? NONE : formatMilliseconds(item.latencyMs),
  }));
}

function hasPrice(item: UsageLogItem): item is UsageLogItem & { cost: number } {
  return item.priced && item.cost != null;
}

function costOf(item: UsageLogItem, decimals: number): LogRow['cost'] {
  if (!hasPrice(item)) return null;
  const exact = decimalOfNumber(item.cost);
  return { text: formatUsd(exact, decimals), exact: formatUsdExact(exact) };
}

/** `1–25 of 1,234`; past the end there is nothing to count. */
export function pageText(page: number, pageSize: number, total: number): string {
  if (total === 0) return '0 events';
  const first = (page - 1) * pageSize + 1;
  if (first > total) return `page ${formatInteger(page)} of ${formatInteger(pageCount(total, pageSize))}`;
  const last = Math.min(total, page * pageSize);
  return `${formatInteger(first)}–${formatInteger(last)} of ${formatInteger(total)}`;
}

export function pageCount(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}
