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
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { useView } from './useView.ts';

const LIMITS_KEY = ['meterwire', 'limits'] as const;

type Ask<Data> = (client: MeterwireClient, options: CallOptions) => Promise<Data>;

interface Asking {
  enabled?: boolean;
  /** Old numbers stay, dimmed, while only the last part of the question changes. Never for another tenant or user. */
  keep?: boolean;
}

function useLimitsQuery<Data>(
  kind: string,
  parts: readonly unknown[],
  ask: Ask<Data>,
  { enabled = true, keep = false }: Asking = {},
): UseQueryResult<Data> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { tenant } = useView().view;
  return useQuery<Data>(
    {
      queryKey: [...LIMITS_KEY, tenant, kind, ...parts],
      queryFn: ({ signal }) => ask(client, { tenant, signal }),
      refetchInterval: refreshMs,
      enabled,
      placeholderData: (previous, query) =>
        keep && sameQuestion(query?.queryKey, [...LIMITS_KEY, tenant, kind, ...parts]) ? previous : undefined,
    },
    queryClient,
  );
}

function sameQuestion(before: readonly unknown[] | undefined, now: readonly unknown[]): boolean {
  return before?.length === now.length && now.slice(0, -1).every((part, at) => part === before[at]);
}

/** Where a user stands on every metric; without a name the one that the key stands for. */
export function useUsageStatus(user?: string): UseQueryResult<UsageStatus> {
  return useLimitsQuery('status', [user], (client, options) => client.status(user, options));
}

export function useLimitMetrics(): UseQueryResult<ListOf<LimitMetric>> {
  return useLimitsQuery('metrics', [], (client, options) => client.metrics.list(options));
}

/** A tenant has at most a hundred, which is one page. */
export function useTiers(): UseQueryResult<ListOf<Tier>> {
  return useLimitsQuery('tiers', [], (client, options) => client.tiers.list(options));
}

export function useLimitUser(id: string): UseQueryResult<LimitUser> {
  return useLimitsQuery('user', [id], (client, options) => client.users.read(id, options));
}

export function useUserLimits(id: string): UseQueryResult<{ limits: Limits }> {
  return useLimitsQuery('overrides', [id], (client, options) => client.users.limits(id, options));
}

export function useTenantLimits(): UseQueryResult<{ limits: Limits }> {
  return useLimitsQuery('tenant', [], (client, options) => client.tenantLimits.read(options));
}

export function useNearLimits(threshold: number): UseQueryResult<NearLimits> {
  return useLimitsQuery(
    'near',
    [threshold],
    (client, options) => client.admin.nearLimits(threshold, { ...options, limit: 100 }),
    { keep: true },
  );
}

export function useTopUsers(metric: string | undefined, date: string | undefined): UseQueryResult<TopUsers> {
  return useLimitsQuery(
    'top',
    [metric, date],
    (client, options) => client.admin.topUsers({ metric: metric ?? '', date, limit: 10 }, options),
    { keep: true, enabled: metric !== undefined },
  );
}

export function useLimitHistory(days: number): UseQueryResult<{ items: HistoryDay[] }> {
  return useLimitsQuery('history', [days], (client, options) => client.admin.history(days, options), {
    keep: true,
  });
}

const USERS_A_PAGE = 50;

/** All users of the tenant, a page after the other. */
export function useLimitUsers(): UseInfiniteQueryResult<InfiniteData<ListOf<LimitUser>>> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useInfiniteQuery(
    {
      queryKey: [...LIMITS_KEY, tenant, 'users'],
      queryFn: ({ pageParam, signal }) =>
        client.users.list({ tenant, signal, limit: USERS_A_PAGE, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
    },
    queryClient,
  );
}

/**
 * A change to limits. It is over when what is shown has been asked for again, so that nobody sees the old numbers
 * beside "saved".
 */
export function useLimitsChange<Input, Output = unknown>(
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useMutation(
    {
      mutationFn: (input: Input) => act(client, input, { tenant }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: LIMITS_KEY }),
      scope: { id: 'limits' },
    },
    queryClient,
  );
}
