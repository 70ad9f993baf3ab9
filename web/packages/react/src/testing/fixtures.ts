import type { Me, UsageAnswer, UsageLogItem, UsageLogPage, UsageValues } from '@meterwire/client';

/** Small answers with known numbers, for the tests of hooks and components. */

export function values(part: Partial<UsageValues> = {}): UsageValues {
  return { calls: 0, errors: 0, tokens: 0, cost_usd: '0', unpriced_calls: 0, ...part };
}

const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18'];
const PREVIOUS_DAYS = ['2026-11-13', '2026-11-14', '2026-11-15'];

function bucket(day: string) {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
  return { start: `${day}T00:00:00Z`, end: next.replace('.000', ''), label: day };
}

export function overview(part: Partial<UsageAnswer> = {}): UsageAnswer {
  return {
    source: 'metered',
    as_of: '2026-11-18T10:30:05Z',
    tz: 'UTC',
    from: '2026-11-16T00:00:00Z',
    to: '2026-11-19T00:00:00Z',
    granularity: 'day',
    group_by: [],
    metrics: ['calls', 'tokens', 'cost', 'errors'],
    price_coverage: { priced_calls: 57, unpriced_calls: 3, percentage: 95 },
    total: values({ calls: 60, tokens: 6000, cost_usd: '1.234567', errors: 2, unpriced_calls: 3 }),
    buckets: DAYS.map(bucket),
    series: [
      values({ calls: 10, tokens: 1000, cost_usd: '0.2' }),
      values({ calls: 30, tokens: 3000, cost_usd: '0.9', errors: 2, unpriced_calls: 3 }),
      values({ calls: 20, tokens: 2000, cost_usd: '0.134567' }),
    ],
    groups: [],
    compared: {
      from: '2026-11-13T00:00:00Z',
      to: '2026-11-16T00:00:00Z',
      total: values({ calls: 50, tokens: 8000, cost_usd: '1.234567' }),
      buckets: PREVIOUS_DAYS.map(bucket),
      series: [values({ calls: 20 }), values({ calls: 20 }), values({ calls: 10 })],
      groups: [],
    },
    ...part,
  };
}

export function breakdown(part: Partial<UsageAnswer> = {}): UsageAnswer {
  return overview({
    granularity: null,
    buckets: [],
    series: [],
    compared: null,
    groups: [
      {
        key: ['openai'],
        other: false,
        total: values({ calls: 40, tokens: 4500, cost_usd: '1.2' }),
        series: [],
      },
      {
        key: [null],
        other: false,
        total: values({ calls: 17, tokens: 1200, cost_usd: '0.034567' }),
        series: [],
      },
      {
        key: [],
        other: true,
        total: values({ calls: 3, tokens: 300, cost_usd: '0', unpriced_calls: 3 }),
        series: [],
      },
    ],
    ...part,
  });
}

export function logItem(part: Partial<UsageLogItem> = {}): UsageLogItem {
  return {
    id: 'a',
    source: 'api',
    date: '2026-11-16T10:30:05Z',
    projectName: 'support-bot',
    provider: 'openai',
    model: 'gpt-4o',
    inputTokens: 1200,
    outputTokens: 300,
    totalTokens: 1500,
    cost: 0.006,
    priced: true,
    status: 200,
    latencyMs: 812,
    user: 'u-1',
    ...part,
  };
}

export function logPage(part: Partial<UsageLogPage> = {}): UsageLogPage {
  const range = { from: '2026-11-16T00:00:00Z', to: '2026-11-19T00:00:00Z' };
  return { items: [logItem()], page: 1, pageSize: 25, total: 1, ...range, nextCursor: null, ...part };
}

export function me(part: Partial<Me> = {}): Me {
  const tenant = { slug: 'acme', name: 'Acme', timezone: 'UTC' };
  return {
    role: 'owner',
    tenant,
    user: null,
    key: { id: '1', name: 'prod', prefix: 'mw_ab12cd34' },
    tenants: [tenant],
    demo: false,
    version: '0.1.0',
    ...part,
  };
}
