'use client';

import type {
  Adjustment,
  Alert,
  AlertRule,
  Budget,
  BudgetPast,
  CallOptions,
  Channel,
  Closing,
  ClosingChange,
  DepartmentCosts,
  ListOf,
  MeterwireClient,
  Path,
  ProviderConnection,
  Reconciliation,
  TenantQuota,
} from '@meterwire/client';
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  useMutation,
} from '@tanstack/react-query';
import { spanOf } from '../logic/range.ts';
import { useMeterwire } from '../state/context.ts';
import { keepFile } from './keepFile.ts';
import { useAsked, useAskedPages, useChange } from './useAsked.ts';
import type { SourcedResult } from './useSourced.ts';
import { useView } from './useView.ts';

export const MONEY_KEY = ['meterwire', 'money'] as const;

const BUDGETS_A_PAGE = 100;
const ALERTS_A_PAGE = 50;
const CHANGES_A_PAGE = 50;

/** Every budget with its present period. */
export function useBudgets({ enabled = true }: { enabled?: boolean } = {}): UseInfiniteQueryResult<
  InfiniteData<ListOf<Budget>>
> {
  return useAskedPages(
    MONEY_KEY,
    'budgets',
    [],
    (client, options) => client.budgets.list({ ...options, limit: BUDGETS_A_PAGE }),
    { enabled },
  );
}

export function useBudget(id: string): SourcedResult<Budget> {
  return useAsked(MONEY_KEY, 'budget', [id], (client, options) => client.budgets.read(id, options));
}

export function useBudgetHistory(id: string, periods: number): SourcedResult<BudgetPast> {
  return useAsked(MONEY_KEY, 'history', [id, periods], (client, options) =>
    client.budgets.history(id, periods, options),
  );
}

/** What the tenant used this month against its monthly limits. */
export function useTenantQuota(slug: string | undefined): SourcedResult<TenantQuota> {
  return useAsked(MONEY_KEY, 'quota', [slug], (client, options) => client.quota(slug ?? '', options), {
    enabled: slug !== undefined,
  });
}

/** A tenant has few of them, which is one page. */
export function useChannels(): SourcedResult<ListOf<Channel>> {
  return useAsked(MONEY_KEY, 'channels', [], (client, options) =>
    client.channels.list({ ...options, limit: 100 }),
  );
}

export function useAlerts(kind: string | undefined): UseInfiniteQueryResult<InfiniteData<ListOf<Alert>>> {
  return useAskedPages(MONEY_KEY, 'alerts', [kind], (client, options) =>
    client.alerts.list({ ...options, kind, limit: ALERTS_A_PAGE }),
  );
}

export function useAlertRules(): SourcedResult<ListOf<AlertRule>> {
  return useAsked(MONEY_KEY, 'rules', [], (client, options) => client.alertRules.list(options));
}

export function useConnections(): SourcedResult<ListOf<ProviderConnection>> {
  return useAsked(MONEY_KEY, 'connections', [], (client, options) =>
    client.connections.list({ ...options, limit: 100 }),
  );
}

/** The providers' reports beside our own events, in the shared range. */
export function useReconciliation(
  provider: string | undefined,
  enabled = true,
): SourcedResult<Reconciliation> {
  const { view } = useView();
  const question = { ...spanOf(view), provider };
  return useAsked(
    MONEY_KEY,
    'reconciliation',
    [question],
    (client, { signal }) => client.spend.reconciliation(question, signal),
    { keep: true, enabled },
  );
}

/** Cost by department, team and project in the shared range, with the range before. */
export function useDepartmentCosts(enabled = true): SourcedResult<DepartmentCosts> {
  const { view } = useView();
  const question = { ...spanOf(view), filter: view.filters, compare: 'previous' as const };
  return useAsked(
    MONEY_KEY,
    'departments',
    [question],
    (client, { signal }) => client.spend.byDepartment(question, signal),
    { keep: true, enabled },
  );
}

export function useClosings(): SourcedResult<ListOf<Closing>> {
  return useAsked(MONEY_KEY, 'closings', [], (client, options) => client.closings.list(options));
}

export function useAdjustment(id: string): SourcedResult<Adjustment> {
  return useAsked(MONEY_KEY, 'adjustment', [id], (client, options) =>
    client.closings.adjustment(id, options),
  );
}

/** What changed a closed month since, event by event. */
export function useClosingChanges(id: string): UseInfiniteQueryResult<InfiniteData<ListOf<ClosingChange>>> {
  return useAskedPages(MONEY_KEY, 'changes', [id], (client, options) =>
    client.closings.changes(id, { ...options, limit: CHANGES_A_PAGE }),
  );
}

/** A change to budgets, channels, rules, connections or closings. */
export function useMoneyChange<Input, Output = unknown>(
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  return useChange(MONEY_KEY, act);
}

export interface FileQuestion {
  path: Path;
  inPath?: Record<string, string>;
  query?: Record<string, unknown>;
  /** What it is called where it is kept. */
  name: string;
}

/** Fetches an export with the key in use and hands it to the browser to keep. What is made up says so in its name. */
export function useFile(): UseMutationResult<void, Error, FileQuestion> {
  const { client, queryClient, sources } = useMeterwire();
  const { tenant } = useView().view;
  return useMutation(
    {
      mutationFn: async ({ path, inPath, query, name }: FileQuestion) => {
        const isSample = sources.worst()?.source === 'sample';
        const from = isSample ? (await import('../sample/client.ts')).sampleClient() : client;
        const what = { ...(inPath ? { path: inPath } : {}), query: { tenant, ...query } };
        keepFile(await from.file(path, what), isSample ? `sample-${name}` : name);
      },
    },
    queryClient,
  );
}
