'use client';

import type { Dimension, Span, UsageAnswer, UsageLogPage, UsageQuestion } from '@meterwire/client';
import { SHOWN_METRICS } from '../logic/metric.ts';
import { granularityOf, spanOf, type UsageView } from '../logic/range.ts';
import { type SourcedResult, useSourced } from './useSourced.ts';
import { useView } from './useView.ts';

/** While a new range loads the old numbers stay, dimmed; those of another tenant never do. */
function isOfTenant(key: AskedKey | undefined, tenant: string | undefined): boolean {
  return key !== undefined && key[2].tenant === tenant;
}

type AskedKey = [scope: 'meterwire', kind: string, question: Span];

/** Any question about the shared view. Equal questions of several components are asked once. */
export function useUsageQuestion(ask: (view: UsageView) => UsageQuestion): SourcedResult<UsageAnswer> {
  const { view } = useView();
  const question = ask(view);
  const queryKey: AskedKey = ['meterwire', 'usage', question];
  return useSourced<UsageAnswer>({
    queryKey,
    ask: (client, signal) => client.usage(question, signal),
    placeholderData: (previous, query) =>
      isOfTenant(query?.queryKey as AskedKey | undefined, question.tenant) ? previous : undefined,
  });
}

/** Totals and their course over time, with the period before. */
export function useOverview(): SourcedResult<UsageAnswer> {
  return useUsageQuestion((view) => ({
    ...spanOf(view),
    granularity: granularityOf(view.range),
    metrics: SHOWN_METRICS,
    filter: view.filters,
    compare: 'previous',
  }));
}

/** Tokens, calls and cost by one dimension, largest first, the rest as one group. */
export function useBreakdown(dimension: Dimension, top: number): SourcedResult<UsageAnswer> {
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

export function useUsageLog(options: LogOptions): SourcedResult<UsageLogPage> {
  const { view } = useView();
  const question = {
    ...spanOf(view),
    filter: view.filters,
    sort: options.sort,
    page: options.page,
    page_size: options.pageSize,
  };
  const queryKey: AskedKey = ['meterwire', 'log', question];
  return useSourced<UsageLogPage>({
    queryKey,
    ask: (client, signal) => client.log(question, signal),
    placeholderData: (previous, query) =>
      isOfTenant(query?.queryKey as AskedKey | undefined, question.tenant) ? previous : undefined,
  });
}

/** The newest event of the last twelve months, asked only where the range shows nothing. */
export function useNewestEvent(enabled: boolean): SourcedResult<UsageLogPage> {
  const { view } = useView();
  const question = {
    range: '12m',
    ...(view.tz ? { tz: view.tz } : {}),
    ...(view.tenant ? { tenant: view.tenant } : {}),
    sort: '-date',
    page: 1,
    page_size: 1,
  };
  return useSourced<UsageLogPage>({
    queryKey: ['meterwire', 'newest', question],
    ask: (client, signal) => client.log(question, signal),
    enabled,
  });
}
