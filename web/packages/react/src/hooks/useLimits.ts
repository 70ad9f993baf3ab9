'use client';

import type {
  CallOptions,
  HistoryDay,
  Limits,
  LimitMetric,
  LimitUser,
  ListOf,
  MeterwireClient,
  NearLimits,
  Tier,
  TopUsers,
  UsageStatus,
} from '@meterwire/client';
import type { InfiniteData, UseInfiniteQueryResult, UseMutationResult } from '@tanstack/react-query';
import { type Ask, type Asking, useAsked, useAskedPages, useChange } from './useAsked.ts';
import type { SourcedResult } from './useSourced.ts';

const LIMITS_KEY = ['meterwire', 'limits'] as const;

function useLimitsQuery<Data>(
  kind: string,
  parts: readonly unknown[],
  ask: Ask<Data>,
  asking?: Asking,
): SourcedResult<Data> {
  return useAsked(LIMITS_KEY, kind, parts, ask, asking);
}

/** Where a user stands on every metric; without a name the one that the key stands for. */
export function useUsageStatus(user?: string): SourcedResult<UsageStatus> {
  return useLimitsQuery('status', [user], (client, options) => client.status(user, options));
}

export function useLimitMetrics(): SourcedResult<ListOf<LimitMetric>> {
  return useLimitsQuery('metrics', [], (client, options) => client.metrics.list(options));
}

/** A tenant has at most a hundred, which is one page. */
export function useTiers(): SourcedResult<ListOf<Tier>> {
  return useLimitsQuery('tiers', [], (client, options) => client.tiers.list(options));
}

export function useLimitUser(id: string): SourcedResult<LimitUser> {
  return useLimitsQuery('user', [id], (client, options) => client.users.read(id, options));
}

export function useUserLimits(id: string): SourcedResult<{ limits: Limits }> {
  return useLimitsQuery('overrides', [id], (client, options) => client.users.limits(id, options));
}

export function useTenantLimits(): SourcedResult<{ limits: Limits }> {
  return useLimitsQuery('tenant', [], (client, options) => client.tenantLimits.read(options));
}

export function useNearLimits(threshold: number): SourcedResult<NearLimits> {
  return useLimitsQuery(
    'near',
    [threshold],
    (client, options) => client.admin.nearLimits(threshold, { ...options, limit: 100 }),
    { keep: true },
  );
}

export function useTopUsers(metric: string | undefined, date: string | undefined): SourcedResult<TopUsers> {
  return useLimitsQuery(
    'top',
    [metric, date],
    (client, options) => client.admin.topUsers({ metric: metric ?? '', date, limit: 10 }, options),
    { keep: true, enabled: metric !== undefined },
  );
}

export function useLimitHistory(days: number): SourcedResult<{ items: HistoryDay[] }> {
  return useLimitsQuery('history', [days], (client, options) => client.admin.history(days, options), {
    keep: true,
  });
}

const USERS_A_PAGE = 50;

/** All users of the tenant, a page after the other. */
export function useLimitUsers(): UseInfiniteQueryResult<InfiniteData<ListOf<LimitUser>>> {
  return useAskedPages(LIMITS_KEY, 'users', [], (client, options) =>
    client.users.list({ ...options, limit: USERS_A_PAGE }),
  );
}

/** A change to limits. */
export function useLimitsChange<Input, Output = unknown>(
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  return useChange(LIMITS_KEY, act);
}
