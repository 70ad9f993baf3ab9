'use client';

import type { CallOptions, ListOf, MeterwireClient } from '@meterwire/client';
import {
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { useView } from './useView.ts';

export type Ask<Data> = (client: MeterwireClient, options: CallOptions) => Promise<Data>;

export interface Asking {
  enabled?: boolean;
  /** Old numbers stay, dimmed, while only the last part of the question changes. Never for another tenant or user. */
  keep?: boolean;
}

/** A question of one tenant. All keys of a kind begin with `scope`, so that a change can have them asked again. */
export function useAsked<Data>(
  scope: QueryKey,
  kind: string,
  parts: readonly unknown[],
  ask: Ask<Data>,
  { enabled = true, keep = false }: Asking = {},
): UseQueryResult<Data> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { tenant } = useView().view;
  const queryKey = [...scope, tenant, kind, ...parts];
  return useQuery<Data>(
    {
      queryKey,
      queryFn: ({ signal }) => ask(client, { tenant, signal }),
      refetchInterval: refreshMs,
      enabled,
      placeholderData: (previous, query) =>
        keep && sameQuestion(query?.queryKey, queryKey) ? previous : undefined,
    },
    queryClient,
  );
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
): UseInfiniteQueryResult<InfiniteData<ListOf<Item>>> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { tenant } = useView().view;
  return useInfiniteQuery(
    {
      queryKey: [...scope, tenant, kind, ...parts],
      queryFn: ({ pageParam, signal }) => ask(client, { tenant, signal, cursor: pageParam }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      refetchInterval: refreshMs,
    },
    queryClient,
  );
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
