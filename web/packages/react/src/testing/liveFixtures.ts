import type { LiveDay, LiveSummary, TenantQuota, UsageStats } from '@meterwire/client';

/** Small answers to what pages in other apps ask, with known numbers. */

export const live: { summary: LiveSummary; daily: { usage: LiveDay[] } } = {
  summary: {
    total_calls: 1250,
    est_cost_cents: 2500,
    window_start: '2026-11-01T00:00:00Z',
    window_end: '2026-11-22T10:30:00Z',
  },
  daily: {
    usage: [
      { date: '2026-11-20', calls: 180 },
      { date: '2026-11-21', calls: 195 },
      { date: '2026-11-22', calls: 165 },
    ],
  },
};

const FRAME = {
  source: 'metered',
  asOf: '2026-11-22T10:30:00Z',
  tz: 'UTC',
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  unpricedCalls: 0,
};

export function stats(part: Partial<UsageStats> = {}): UsageStats {
  return {
    ...FRAME,
    period: 'month',
    apiCalls: { total: 15_847, successful: 15_631, failed: 216, errorRate: 1.36, change: 12.5 },
    tokens: { total: 2_847_500, prompt: 2_100_000, completion: 747_500, change: -3.1 },
    costs: {
      total: 312.4,
      breakdown: [{ model: 'gpt-4o', cost: 312.4, calls: 15_847 }],
      change: null,
    },
    topModels: [{ model: 'gpt-4o', calls: 15_847, tokens: 2_847_500, cost: 312.4 }],
    dailyUsage: [{ date: '2026-11-22', calls: 15_847, tokens: 2_847_500, cost: 312.4 }],
    comparedFrom: null,
    comparedTo: null,
    ...part,
  };
}

const line = (used: number, limit: number) => ({
  metric: 'monthly',
  used,
  recorded: used,
  limit,
  remaining: limit - used,
  percentage: Math.round((used / limit) * 10_000) / 100,
  resetsAt: FRAME.to,
});

export function quota(part: Partial<TenantQuota> = {}): TenantQuota {
  return {
    ...FRAME,
    apiCalls: line(1584, 5000),
    tokens: line(2_800_000, 3_000_000),
    spend: line(96.5, 100),
    user: null,
    ...part,
  };
}
