'use client';

import type {
  CostExplanation,
  Dimension,
  Granularity,
  LogQuestion,
  Metric,
  Price,
  Receipt,
  UsageAnswer,
  UsageForecast,
  UsageLogPage,
  UsageQuestion,
} from '@meterwire/client';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type CompareChoice, comparingOf } from '../logic/compare.ts';
import { isErrorStatus } from '../logic/drill.ts';
import type { ShownMetric } from '../logic/metric.ts';
import { spanOf } from '../logic/range.ts';
import { useMeterwire } from '../state/context.ts';
import { useAsked } from './useAsked.ts';
import { useView } from './useView.ts';

const VIEWS_KEY = ['meterwire', 'views'] as const;

function useAnswer(kind: string, part: UsageQuestion, enabled = true): UseQueryResult<UsageAnswer> {
  const { view } = useView();
  const question: UsageQuestion = { ...spanOf(view), filter: view.filters, ...part };
  return useAsked(VIEWS_KEY, kind, [question], (client, { signal }) => client.usage(question, signal), {
    keep: true,
    enabled,
  });
}

const KEY_METRICS: readonly Metric[] = ['calls', 'errors', 'tokens', 'input_tokens', 'output_tokens', 'cost'];

/** The totals of the range, and what they are compared with. */
export function useKeyFigures(compare: CompareChoice): UseQueryResult<UsageAnswer> {
  return useAnswer('key-figures', { metrics: KEY_METRICS, ...comparingOf(compare) });
}

export interface TrendShape {
  metric: ShownMetric;
  granularity: Granularity;
  stack: Dimension | null;
  top: number;
  compare: CompareChoice;
}

/** The range bucket by bucket, whole or by the largest values of a dimension. */
export function useTrend({
  metric,
  granularity,
  stack,
  top,
  compare,
}: TrendShape): UseQueryResult<UsageAnswer> {
  const others = (['calls', 'tokens', 'cost', 'errors'] as const).filter((name) => name !== metric);
  return useAnswer('trend', {
    granularity,
    // Groups are ranked by the first metric.
    metrics: [metric, ...others],
    ...(stack ? { group_by: [stack], top } : {}),
    ...comparingOf(compare),
  });
}

/** The largest values of a dimension by a metric, the rest as one. */
export function useRanking(
  dimension: Dimension,
  metric: 'calls' | 'cost' | 'tokens',
  top: number,
): UseQueryResult<UsageAnswer> {
  const others = (['calls', 'tokens', 'cost', 'errors'] as const).filter((name) => name !== metric);
  return useAnswer('ranking', { group_by: [dimension], metrics: [metric, ...others], top });
}

const STATUSES = 100;

/** How calls ended, and how long they took. */
export function useOutcomes(): UseQueryResult<UsageAnswer> {
  return useAnswer('outcomes', {
    group_by: ['status'],
    metrics: ['calls', 'errors', 'cost', 'latency_p50', 'latency_p95', 'latency_p99', 'ttft_p50', 'ttft_p95'],
    top: STATUSES,
  });
}

/** The statuses of this range that count as errors, by which failed calls are found. */
export function useErrorStatuses(): readonly string[] {
  const { data } = useOutcomes();
  return (data?.groups ?? []).map(({ key }) => key[0] ?? '').filter(isErrorStatus);
}

/** Every value of a dimension in the range, most calls first; for finding one to filter by. */
export function useDimensionValues(dimension: Dimension, enabled: boolean): UseQueryResult<UsageAnswer> {
  const { view } = useView();
  const question: UsageQuestion = { ...spanOf(view), group_by: [dimension], metrics: ['calls'], top: 200 };
  return useAsked(
    VIEWS_KEY,
    `values of ${dimension}`,
    [question],
    (client, { signal }) => client.usage(question, signal),
    {
      enabled,
      keep: true,
    },
  );
}

/** Why the cost changed. */
export function useCostChange(compare: CompareChoice): UseQueryResult<CostExplanation> {
  const { view } = useView();
  const question = { ...spanOf(view), filter: view.filters, top: 20, ...comparingOf(compare) };
  return useAsked(
    VIEWS_KEY,
    'explain',
    [question],
    (client, { signal }) => client.explain(question, signal),
    { keep: true, enabled: compare.with !== 'none' },
  );
}

/** What the running period will come to. */
export function useForecast(
  metric: 'cost' | 'tokens' | 'calls',
  enabled: boolean,
): UseQueryResult<UsageForecast> {
  const { view } = useView();
  const question = { ...spanOf(view), filter: view.filters, metric };
  return useAsked(
    VIEWS_KEY,
    'forecast',
    [question],
    (client, { signal }) => client.forecast(question, signal),
    { keep: true, enabled },
  );
}

const PRICES_MS = 600_000;

/** The prices that these models have had, the tenant's own too. They hardly ever change, so they are asked for once. */
export function usePricesOf(models: readonly string[]): UseQueryResult<Price[]> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useQuery(
    {
      queryKey: [...VIEWS_KEY, tenant, 'prices', models],
      queryFn: async ({ signal }) => {
        const own = client.prices.list({ tenant, signal, limit: 100 });
        const books = models.map((model) => client.prices.book({ model, limit: 100 }, signal));
        const lists = await Promise.all([own, ...books]);
        return lists.flatMap(({ items }) => items).filter(({ model }) => models.includes(model));
      },
      staleTime: PRICES_MS,
      enabled: models.length > 0,
      placeholderData: keepPreviousData,
    },
    queryClient,
  );
}

export interface LogPlace {
  sort: string;
  pageSize: number;
  page: number;
  /** Where the page begins, as the page before it said. */
  cursor?: string | undefined;
}

/** A page of the log at any depth. */
export function useLogPage({ sort, pageSize, page, cursor }: LogPlace): UseQueryResult<UsageLogPage> {
  const { view } = useView();
  const question: LogQuestion = {
    ...spanOf(view),
    filter: view.filters,
    ...(view.priced === undefined ? {} : { priced: view.priced }),
    sort,
    page_size: pageSize,
    ...(cursor ? { cursor } : { page }),
  };
  return useAsked(VIEWS_KEY, 'log', [question], (client, { signal }) => client.log(question, signal), {
    keep: true,
  });
}

/** What all events of the log add up to. */
export function useLogTotals(): UseQueryResult<UsageAnswer> {
  return useAnswer('log-totals', { metrics: ['calls', 'tokens', 'cost', 'errors'] });
}

/** One event whole. */
export function useReceipt(source: string, id: string): UseQueryResult<Receipt> {
  return useAsked(VIEWS_KEY, 'receipt', [source, id], (client, options) =>
    client.receipt(source, id, options),
  );
}
