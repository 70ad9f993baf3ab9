import type {
  HistoryDay,
  LimitMetric,
  LimitUser,
  NearLimit,
  Standing,
  Tier,
  TopUser,
  UsageStatus,
} from '@meterwire/client';
import { me } from './fixtures.ts';
import { type Answer, notFound } from './answer.ts';

/** Small answers about limits with known numbers. */

export function standing(part: Partial<Standing> = {}): Standing {
  return {
    current: 7,
    held: 0,
    limit: 10,
    remaining: 3,
    percentage: 70,
    window: 'day',
    resets_at: '2026-11-23T00:00:00Z',
    ...part,
  };
}

export const UNLIMITED = { limit: null, remaining: null, percentage: null } as const;

export function status(part: Partial<UsageStatus> = {}): UsageStatus {
  return {
    user: 'u-1',
    tier: 'free',
    date: '2026-11-22',
    resets_at: '2026-11-23T00:00:00Z',
    metrics: {
      api_calls: standing({ current: 4900, limit: 5000, remaining: 100, percentage: 98, held: 5 }),
      deployments: standing(),
      storage: standing({ ...UNLIMITED, current: 1536, window: 'none', resets_at: null }),
    },
    ...part,
  };
}

export function metric(part: Partial<LimitMetric> = {}): LimitMetric {
  return {
    name: 'deployments',
    description: null,
    unit: null,
    window: 'day',
    timezone: 'UTC',
    counts: 'named',
    created_at: '2026-11-01T00:00:00Z',
    ...part,
  };
}

export const METRICS = [
  metric({ name: 'api_calls', counts: 'events' }),
  metric(),
  metric({ name: 'storage', unit: 'bytes', window: 'none' }),
  metric({ name: 'builds', description: 'Finished builds', window: 'week', timezone: 'Europe/Berlin' }),
];

export function tier(part: Partial<Tier> = {}): Tier {
  return {
    name: 'free',
    limits: { api_calls: 5000, deployments: 10, storage: null, builds: null },
    created_at: '2026-11-01T00:00:00Z',
    users: 2,
    ...part,
  };
}

export const TIERS = [
  tier(),
  tier({ name: 'pro', limits: { api_calls: 50000, deployments: 50, storage: null, builds: 7 }, users: 1 }),
  tier({ name: 'trial', users: 0 }),
];

export function user(part: Partial<LimitUser> = {}): LimitUser {
  return { id: 'u-1', username: 'Ada', tier: 'free', created_at: '2026-11-01T00:00:00Z', ...part };
}

export function near(part: Partial<NearLimit> = {}): NearLimit {
  return {
    user: 'u-1',
    username: 'Ada',
    tier: 'free',
    metric: 'api_calls',
    current: 4900,
    held: 0,
    limit: 5000,
    percentage: 98,
    window: 'day',
    resets_at: '2026-11-23T00:00:00Z',
    ...part,
  };
}

export function topUser(part: Partial<TopUser> = {}): TopUser {
  return { user: 'u-1', username: 'Ada', tier: 'free', current: 4900, metrics: { api_calls: 4900 }, ...part };
}

export function historyDay(date: string, calls: number): HistoryDay {
  return {
    date,
    active_users: calls > 0 ? 2 : 0,
    total_deployments: 1,
    total_api_calls: calls,
    totals: { api_calls: calls, deployments: 1, storage: 0, builds: 0 },
  };
}

const HISTORY = [historyDay('2026-11-22', 4950), historyDay('2026-11-21', 0), historyDay('2026-11-20', 6000)];

const list = (items: unknown[]) => ({ items, nextCursor: null });

/** What a server with limits would answer to the questions of the page. */
export const limitsAnswers: Answer = (url) => {
  const { pathname: path, searchParams: search } = url;
  switch (path) {
    case '/api/v1/me':
      return me();
    case '/api/usage/status':
      return status({ user: search.get('user') ?? 'u-1' });
    case '/api/v1/metrics':
      return list(METRICS);
    case '/api/v1/tiers':
      return list(TIERS);
    case '/api/v1/users':
      return list([user(), user({ id: 'u-2', username: 'u-2', tier: 'pro' })]);
    case '/api/v1/users/u-1':
      return user();
    case '/api/v1/users/u-1/limits':
      return { limits: { deployments: 25 } };
    case '/api/v1/tenant-limits':
      return { limits: { api_calls: 100000 } };
    case '/api/usage/admin/near-limits':
      return { threshold: Number(search.get('threshold')), items: [near()] };
    case '/api/usage/admin/top-users':
      return { date: search.get('date') ?? '2026-11-22', metric: search.get('metric'), items: [topUser()] };
    case '/api/usage/admin/history':
      return { items: HISTORY };
    default:
      return notFound(path);
  }
};
