'use client';

import type { Dimension, Span, UsageAnswer, UsageLogPage, UsageQuestion } from '@meterwire/client';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { SHOWN_METRICS } from '../logic/metric.ts';
import { granularityOf, spanOf, type UsageView } from '../logic/range.ts';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { useView } from './useView.ts';

/** While a new range loads the old numbers stay, dimmed; those of another tenant never do. */
function isOfTenant(key: AskedKey | undefined, tenant: string | undefined): boolean {
  return key !== undefined && key[2].tenant === tenant;
}

type AskedKey = [scope: 'meterwire', kind: string, question: Span];

/** Any question about the shared view. Equal questions of several components are asked once. */
export function useUsageQuestion(ask: (view: UsageView) => UsageQuestion): UseQueryResult<UsageAnswer> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { view } = useView();
  const question = ask(view);
  return useQuery(
    {
      queryKey: ['meterwire', 'usage', question] as AskedKey,
      queryFn: ({ signal }) => client.usage(question, signal),
      placeholderData: (previous, query) =>
        isOfTenant(query?.queryKey, question.tenant) ? previous : undefined,
      refetchInterval: refreshMs,
    },
    queryClient,
  );
}

/** Totals and their course over time, with the period before. */
export function useOverview(): UseQueryResult<UsageAnswer> {
  return useUsageQuestion((view) => ({
    ...spanOf(view),
    granularity: granularityOf(view.range),
    metrics: SHOWN_METRICS,
    filter: view.filters,
    compare: 'previous',
  }));
}

/** Tokens, calls and cost by one dimension, largest first, the rest as one group. */
export function useBreakdown(dimension: Dimension, top: number): UseQueryResult<UsageAnswer> {
  return useUsageQuestion((view) => ({
    ...spanOf(view),
    group_by: [dimension],
    metrics: ['tokens', 'calls', 'cost'],
    filter: view.filters,
    top,
  }));
}

export interface LogOptions {
  sort: string;
  page: number;
  pageSize: number;
}

export function useUsageLog(options: LogOptions): UseQueryResult<UsageLogPage> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { view } = useView();
  const question = {
    ...spanOf(view),
    filter: view.filters,
    sort: options.sort,
    page: options.page,
    page_size: options.pageSize,
  };
  return useQuery(
    {
      queryKey: ['meterwire', 'log', question] as AskedKey,
      queryFn: ({ signal }) => client.log(question, signal),
      placeholderData: (previous, query) =>
        isOfTenant(query?.queryKey, question.tenant) ? previous : undefined,
      refetchInterval: refreshMs,
    },
    queryClient,
  );
}

/** The newest event of the last twelve months, asked only where the range shows nothing. */
export function useNewestEvent(enabled: boolean): UseQueryResult<UsageLogPage> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { view } = useView();
  const question = {
    range: '12m',
    ...(view.tz ? { tz: view.tz } : {}),
    ...(view.tenant ? { tenant: view.tenant } : {}),
    sort: '-date',
    page: 1,
    page_size: 1,
  };
  return useQuery(
    {
      queryKey: ['meterwire', 'newest', question],
      queryFn: ({ signal }) => client.log(question, signal),
      refetchInterval: refreshMs,
      enabled,
    },
    queryClient,
  );
}
