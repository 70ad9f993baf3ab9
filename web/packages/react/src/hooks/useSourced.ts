'use client';

import type { MeterwireClient } from '@meterwire/client';
import {
  hashKey,
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
  useQuery,
} from '@tanstack/react-query';
import { useEffect, useId, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { useMeterwire } from '../state/context.ts';
import type { Source } from '../state/sources.ts';

/** Where the numbers of a view come from. */
export interface Sourced {
  /** `live`: asked just now. `stale`: the last that were to be had, of `asOf`. `sample`: made up. */
  source: Source;
  /** Why they are not live; empty where they are. */
  sourceReason: string;
  /** Of when they are; null where there are none yet, and for what is made up. */
  asOf: Date | null;
}

export type SourcedResult<Data> = UseQueryResult<Data> & Sourced;

export interface SourcedQuestion<Data> {
  queryKey: QueryKey;
  ask: (client: MeterwireClient, signal: AbortSignal) => Promise<Data>;
  enabled?: boolean;
  placeholderData?: UseQueryOptions<Data>['placeholderData'];
  /** Errors that are an answer by themselves: nothing stands in for them. */
  isAnswer?: ((error: Error) => boolean) | undefined;
}

const SWITCHED_OFF = new Error('Live usage is switched off.');

/**
 * A question whose answer says where it comes from. Where it cannot be had and nothing live was shown before, sample data
 * stands in for it, unless the provider says otherwise; where there was an answer, the last one stays.
 */
export function useSourced<Data>(question: SourcedQuestion<Data>): SourcedResult<Data> {
  const { queryKey, ask, enabled = true, placeholderData, isAnswer } = question;
  const { client, queryClient, refreshMs, live, fallback } = useMeterwire();
  const asked = useQuery<Data>(
    {
      queryKey,
      queryFn: ({ signal }) => ask(client, signal),
      enabled: enabled && live,
      refetchInterval: refreshMs,
      ...(placeholderData ? { placeholderData } : {}),
    },
    queryClient,
  );
  const lastFailure = useLastFailure(asked, hashKey(queryKey));
  const failure = !live ? SWITCHED_OFF : fallback ? lastFailure : asked.error;
  const isWithout = enabled && failure !== null && asked.data === undefined;
  const isSample = useStandsIn(isWithout && isAnswer?.(failure) !== true);
  const sample = useQuery<Data>(
    {
      queryKey: ['meterwire-sample', ...queryKey],
      queryFn: async ({ signal }) => ask((await import('../sample/client.ts')).sampleClient(), signal),
      enabled: isSample,
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    },
    queryClient,
  );
  const hasSample = isSample && sample.data !== undefined;
  const isStale = !hasSample && failure !== null && asked.data !== undefined;
  const source: Source = hasSample ? 'sample' : isStale ? 'stale' : 'live';
  const sourceReason = hasSample || isStale ? (failure?.message ?? '') : '';
  const isLive = source === 'live' && asked.data !== undefined && !asked.isPlaceholderData;
  useReport({
    source,
    isLive,
    reason: sourceReason,
    at: isStale ? asked.dataUpdatedAt : 0,
    retry: asked.refetch,
  });
  const told = {
    source: of(source),
    sourceReason: of(sourceReason),
    asOf: { get: () => timeOf(asked, hasSample) },
  };
  if (hasSample) return within(asked, { ...told, ...settled(sample.data) });
  // Between the failure and the sample nothing is shown as failed.
  if (isSample && sample.isPending) return within(asked, { ...told, error: of(null), isError: of(false) });
  if (isStale && fallback) return within(asked, { ...told, ...settled(asked.data) });
  return within(asked, { ...told, ...(failure && !live ? { error: of(failure), isError: of(true) } : {}) });
}

/** Why the question was last not answered; while it is asked again too, when the library has forgotten it. */
function useLastFailure({ data, error }: Pick<UseQueryResult, 'data' | 'error'>, hash: string): Error | null {
  const last = useRef<{ hash: string; error: Error } | null>(null);
  if (error) last.current = { hash, error };
  else if (data !== undefined || last.current?.hash !== hash) last.current = null;
  return last.current?.error ?? null;
}

/** Whether a view that has nothing to show may show sample data. */
function useStandsIn(isWithout: boolean): boolean {
  const { fallback, sources } = useMeterwire();
  const hadLive = useSyncExternalStore(sources.subscribe, sources.hadLive, sources.hadLive);
  return isWithout && fallback && !hadLive;
}

/** React 18 warns of layout effects where there is no layout. */
const useSoonEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;

interface Report {
  source: Source;
  isLive: boolean;
  reason: string;
  /** When stale numbers were asked, Unix milliseconds; 0 for others. */
  at: number;
  retry: () => unknown;
}

/** Tells the place above all views what this one shows, before it is painted. */
export function useReport({ source, isLive, reason, at, retry }: Report): void {
  const { fallback, sources } = useMeterwire();
  const id = useId();
  useSoonEffect(() => {
    if (isLive) sources.sawLive();
  }, [isLive, sources]);
  useSoonEffect(() => {
    if (!fallback || source === 'live') return;
    const asOf = at > 0 ? new Date(at) : null;
    sources.report(id, { source, reason, asOf, retry: () => void retry() });
    return () => sources.forget(id);
  }, [fallback, sources, id, source, reason, at, retry]);
}

function timeOf({ dataUpdatedAt }: { dataUpdatedAt: number }, isSample: boolean): Date | null {
  return isSample || dataUpdatedAt === 0 ? null : new Date(dataUpdatedAt);
}

const of = (value: unknown): PropertyDescriptor => ({ value, enumerable: true });

function settled(data: unknown): PropertyDescriptorMap {
  return {
    data: of(data),
    error: of(null),
    status: of('success'),
    isSuccess: of(true),
    isError: of(false),
    isPending: of(false),
    isLoading: of(false),
  };
}

/** The result with some of it replaced. What is not looked at stays unfollowed, as the library means it. */
export function within<Result extends object>(
  result: Result,
  parts: PropertyDescriptorMap,
): Result & Sourced {
  return Object.create(result, parts) as Result & Sourced;
}
