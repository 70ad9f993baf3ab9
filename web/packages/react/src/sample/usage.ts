import type {
  LiveDay,
  LiveSummary,
  TenantQuota,
  UsageAnswer,
  UsageLogItem,
  UsageLogPage,
  UsageStats,
  UsageValues,
} from '@meterwire/client';
import {
  type Cell,
  cells,
  DAY_MS,
  dayOf,
  HOUR_MS,
  instant,
  type Stream,
  startOfDay,
  startOfMonth,
  sumOf,
  usdNumber,
  usdText,
} from './model.ts';
import { type Bucket, bucketsOf, comparedOf, type Period, periodOf, previousOf } from './span.ts';

/** What a sample says of itself, where an answer has a place for it. */
export const SAMPLE_SOURCE = 'sample';

const CENT_NANOS = 10_000_000;

export function liveSummary(now: number): LiveSummary {
  const from = startOfMonth(now);
  const sum = sumOf(cells(from, now, now));
  return {
    total_calls: sum.calls,
    est_cost_cents: Math.round(sum.costNanos / CENT_NANOS),
    window_start: instant(from),
    window_end: instant(now),
  };
}

export function liveDaily(days: number, now: number): { usage: LiveDay[] } {
  const today = startOfDay(now);
  const usage = Array.from({ length: days }, (_, index) => {
    const from = today - (days - 1 - index) * DAY_MS;
    return { date: dayOf(from), calls: sumOf(cells(from, from + DAY_MS, now)).calls };
  });
  return { usage };
}

const KNOWN: Record<string, (stream: Stream) => string | null> = {
  provider: ({ provider }) => provider,
  model: ({ model }) => model,
  project: ({ project }) => project,
  user: ({ user }) => user,
};

/** Only the values that the filters let through. */
export function chosen(some: readonly Cell[], query: URLSearchParams): Cell[] {
  const wanted = Object.keys(KNOWN).map((name) => [name, query.getAll(`filter[${name}]`)] as const);
  return some.filter(({ stream }) =>
    wanted.every(([name, values]) => values.length === 0 || values.includes(KNOWN[name]?.(stream) ?? '')),
  );
}

function valuesOf(some: readonly Cell[]): UsageValues {
  const sum = sumOf(some);
  const users = new Set(some.filter(({ calls }) => calls > 0).map(({ stream }) => stream.user));
  return {
    calls: sum.calls,
    errors: sum.errors,
    error_rate: sum.calls === 0 ? null : Math.round((sum.errors / sum.calls) * 10_000) / 100,
    input_tokens: sum.inputTokens,
    cached_input_tokens: 0,
    output_tokens: sum.outputTokens,
    reasoning_tokens: 0,
    tokens: sum.tokens,
    cost_usd: usdText(sum.costNanos),
    unpriced_calls: 0,
    latency_p50: 640,
    latency_p95: 1_900,
    latency_p99: 3_200,
    ttft_p50: 210,
    ttft_p95: 520,
    users: users.size,
  };
}

interface Asked {
  period: Period;
  some: readonly Cell[];
  buckets: readonly Bucket[];
  by: readonly string[];
  top: number;
}

export function usage(query: URLSearchParams, now: number): UsageAnswer {
  const granularity = query.get('granularity');
  const by = (query.get('group_by') ?? '').split(',').filter(Boolean);
  const top = Number(query.get('top') ?? 10);
  const told = (period: Period): ReturnType<typeof sums> => {
    const some = chosen(cells(period.from, period.to, now), query);
    const buckets = granularity ? bucketsOf(period, granularity) : [];
    return sums({ period, some, buckets, by, top });
  };
  const period = periodOf(query, now);
  const shown = told(period);
  return {
    ...shown,
    source: SAMPLE_SOURCE,
    as_of: instant(now),
    tz: 'UTC',
    granularity,
    group_by: [...by],
    metrics: (query.get('metrics') ?? 'calls,tokens,cost').split(','),
    price_coverage: { priced_calls: shown.total.calls ?? 0, unpriced_calls: 0, percentage: 100 },
    compared: query.has('compare') ? told(comparedOf(query, period, now)) : null,
  };
}

function sums({ period, some, buckets, by, top }: Asked) {
  const seriesOf = (part: readonly Cell[]) =>
    buckets.map(({ from, to }) => valuesOf(part.filter(({ at }) => at >= from && at < to)));
  return {
    from: instant(period.from),
    to: instant(period.to),
    total: valuesOf(some),
    buckets: buckets.map(({ start, end, label }) => ({ start, end, label })),
    series: seriesOf(some),
    groups: groupsOf(some, by, top).map(({ key, other, part }) => ({
      key,
      other,
      total: valuesOf(part),
      series: seriesOf(part),
    })),
  };
}

interface Group {
  key: (string | null)[];
  other: boolean;
  part: Cell[];
}

/** Largest first, what is beyond `top` as one. */
function groupsOf(some: readonly Cell[], by: readonly string[], top: number): Group[] {
  if (by.length === 0) return [];
  const found = new Map<string, Group>();
  for (const cell of some) {
    const key = by.map((name) => KNOWN[name]?.(cell.stream) ?? null);
    const group = found.get(key.join('\n')) ?? { key, other: false, part: [] };
    group.part.push(cell);
    found.set(key.join('\n'), group);
  }
  const sorted = [...found.values()].sort((a, b) => sumOf(b.part).tokens - sumOf(a.part).tokens);
  const rest = sorted.slice(top).flatMap(({ part }) => part);
  return rest.length > 0
    ? [...sorted.slice(0, top), { key: [], other: true, part: rest }]
    : sorted.slice(0, top);
}

const LOG_ROWS = 400;

/** One row an hour and stream, with the calls of that hour in it: enough to look like a log, and it adds up. */
export function log(query: URLSearchParams, now: number): UsageLogPage {
  const period = periodOf(query, now);
  const some = chosen(cells(period.from, period.to, now), query).filter(({ calls }) => calls > 0);
  const rows = some.slice(-LOG_ROWS).reverse().map(logItem);
  const page = Math.max(1, Number(query.get('page') ?? 1));
  const pageSize = Number(query.get('page_size') ?? 50);
  return {
    items: rows.slice((page - 1) * pageSize, page * pageSize),
    page,
    pageSize,
    total: rows.length,
    from: instant(period.from),
    to: instant(period.to),
    nextCursor: null,
  };
}

/** The name of a row, from which its receipt finds the hour and the stream again. */
export function eventId(stream: Stream, at: number): string {
  return `sample-${at / HOUR_MS}-${stream.model}`;
}

function logItem({ stream, at, inputTokens, outputTokens, costNanos, errors }: Cell): UsageLogItem {
  return {
    id: eventId(stream, at),
    source: SAMPLE_SOURCE,
    date: instant(at),
    projectName: stream.project,
    provider: stream.provider,
    model: stream.model,
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cost: usdNumber(costNanos),
    priced: true,
    status: errors > 0 ? 500 : 200,
    latencyMs: 640,
    user: stream.user,
  };
}

function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / before) * 10_000) / 100;
}

export function statistics(query: URLSearchParams, now: number): UsageStats {
  const period = periodOf(
    query.has('range') || query.has('period') ? query : new URLSearchParams('period=month'),
    now,
  );
  const before = previousOf(period, now);
  const some = chosen(cells(period.from, period.to, now), query);
  const [sum, past] = [sumOf(some), sumOf(chosen(cells(before.from, before.to, now), query))];
  const models = groupsOf(some, ['model'], 100).map(({ key, part }) => ({
    model: key[0] ?? '',
    ...sumOf(part),
  }));
  const days = bucketsOf({ from: period.from, to: Math.min(period.to, now) }, 'day');
  return {
    period: query.get('period') ?? query.get('range') ?? 'month',
    apiCalls: {
      total: sum.calls,
      successful: sum.calls - sum.errors,
      failed: sum.errors,
      errorRate: sum.calls === 0 ? null : Math.round((sum.errors / sum.calls) * 10_000) / 100,
      change: changeOf(sum.calls, past.calls),
    },
    tokens: {
      total: sum.tokens,
      prompt: sum.inputTokens,
      completion: sum.outputTokens,
      change: changeOf(sum.tokens, past.tokens),
    },
    costs: {
      total: usdNumber(sum.costNanos),
      breakdown: models.map(({ model, costNanos, calls }) => ({ model, cost: usdNumber(costNanos), calls })),
      change: changeOf(sum.costNanos, past.costNanos),
    },
    topModels: models.map(({ model, calls, tokens, costNanos }) => ({
      model,
      calls,
      tokens,
      cost: usdNumber(costNanos),
    })),
    dailyUsage: days.map(({ from, to, label }) => {
      const { calls, tokens, costNanos } = sumOf(some.filter(({ at }) => at >= from && at < to));
      return { date: label, calls, tokens, cost: usdNumber(costNanos) };
    }),
    source: SAMPLE_SOURCE,
    asOf: instant(now),
    tz: 'UTC',
    from: instant(period.from),
    to: instant(period.to),
    comparedFrom: instant(before.from),
    comparedTo: instant(before.to),
    unpricedCalls: 0,
  };
}

/** So much may the made-up tenant use in a month. */
const QUOTA = { calls: 20_000, tokens: 25_000_000, dollars: 120 };

export function quota(now: number): TenantQuota {
  const [from, to] = [startOfMonth(now), startOfMonth(now, 1)];
  const sum = sumOf(cells(from, to, now));
  const line = (metric: string, used: number, limit: number) => ({
    metric,
    used,
    recorded: used,
    limit,
    remaining: Math.max(0, Math.round((limit - used) * 1e9) / 1e9),
    percentage: Math.round((used / limit) * 1_000) / 10,
    resetsAt: instant(to),
  });
  return {
    apiCalls: line('monthly_calls', sum.calls, QUOTA.calls),
    tokens: line('monthly_tokens', sum.tokens, QUOTA.tokens),
    spend: line('monthly_spend', usdNumber(sum.costNanos), QUOTA.dollars),
    source: SAMPLE_SOURCE,
    asOf: instant(now),
    tz: 'UTC',
    from: instant(from),
    to: instant(to),
    user: null,
    unpricedCalls: 0,
  };
}
