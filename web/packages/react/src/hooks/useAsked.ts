'use client';

import type { CallOptions, ListOf, MeterwireClient } from '@meterwire/client';
import {
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  useInfiniteQuery,
  useMutation,
} from '@tanstack/react-query';
import { useMeterwire } from '../state/context.ts';
import { type Sourced, type SourcedResult, useReport, useSourced, within } from './useSourced.ts';
import { useView } from './useView.ts';

export type Ask<Data> = (client: MeterwireClient, options: CallOptions) => Promise<Data>;

export interface Asking {
  enabled?: boolean;
  /** Old numbers stay, dimmed, while only the last part of the question changes. Never for another tenant or user. */
  keep?: boolean;
  /** Errors that are an answer by themselves: no sample stands in for them. */
  isAnswer?: (error: Error) => boolean;
}

/** A question of one tenant. All keys of a kind begin with `scope`, so that a change can have them asked again. */
export function useAsked<Data>(
  scope: QueryKey,
  kind: string,
  parts: readonly unknown[],
  ask: Ask<Data>,
  { enabled = true, keep = false, isAnswer }: Asking = {},
): SourcedResult<Data> {
  const { tenant } = useView().view;
  const queryKey = [...scope, tenant, kind, ...parts];
  return useSourced<Data>({
    queryKey,
    ask: (client, signal) => ask(client, { tenant, signal }),
    enabled,
    isAnswer,
    placeholderData: (previous, query) =>
      keep && sameQuestion(query?.queryKey, queryKey) ? previous : undefined,
  });
}

function sameQuestion(before: QueryKey | undefined, now: QueryKey): boolean {
  return before?.length === now.length && now.slice(0, -1).every((part, at) => part === before[at]);
}

type AskPage<Item> = (
  client: MeterwireClient,
  options: CallOptions & { cursor: string | undefined },
) => Promise<ListOf<Item>>;

/** A list of any length, a page after the other. */
export function useAskedPages<Item>(
  scope: QueryKey,
  kind: string,
  parts: readonly unknown[],
  ask: AskPage<Item>,
  { enabled = true }: Pick<Asking, 'enabled'> = {},
): UseInfiniteQueryResult<InfiniteData<ListOf<Item>>> & Sourced {
  const { client, queryClient, refreshMs, live } = useMeterwire();
  const { tenant } = useView().view;
  const asked = useInfiniteQuery(
    {
      queryKey: [...scope, tenant, kind, ...parts],
      queryFn: ({ pageParam, signal }) => ask(client, { tenant, signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      refetchInterval: refreshMs,
      enabled: enabled && live,
    },
    queryClient,
  );
  return useWithSource(asked);
}

/** Lists are never made up: they are live, or the last that were to be had. */
function useWithSource<Item>(
  asked: UseInfiniteQueryResult<InfiniteData<ListOf<Item>>>,
): UseInfiniteQueryResult<InfiniteData<ListOf<Item>>> & Sourced {
  const { data, error, dataUpdatedAt, refetch } = asked;
  const isStale = error !== null && data !== undefined;
  const source = isStale ? 'stale' : 'live';
  const reason = isStale ? error.message : '';
  useReport({
    source,
    isLive: !isStale && data !== undefined,
    reason,
    at: isStale ? dataUpdatedAt : 0,
    retry: refetch,
  });
  return within(asked, {
    source: { value: source },
    sourceReason: { value: reason },
    asOf: { value: data === undefined ? null : new Date(dataUpdatedAt) },
  });
}

/**
 * A change. It is over when what is shown has been asked for again, so that nobody sees the old numbers beside
 * "saved". Changes of one scope run one after the other.
 */
export function useChange<Input, Output = unknown>(
  scope: QueryKey,
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useMutation(
    {
      mutationFn: (input: Input) => act(client, input, { tenant }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: scope }),
      scope: { id: scope.join(' ') },
    },
    queryClient,
  );
}
