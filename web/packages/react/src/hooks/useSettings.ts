'use client';

import type {
  ApiKey,
  AuditEntry,
  CallOptions,
  DeclaredDimension,
  ListOf,
  MeterwireClient,
  Price,
  Project,
  Report,
  ReportDelivery,
  Rerate,
  TenantSettings,
  UsageAnswer,
} from '@meterwire/client';
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { useAsked, useAskedPages, useChange } from './useAsked.ts';
import { useView } from './useView.ts';

export const SETTINGS_KEY = ['meterwire', 'settings'] as const;

const A_PAGE = 100;
const AUDIT_A_PAGE = 50;
const DELIVERIES = 20;

/** Settings are never made up: what cannot be had is said. */
const isAnswer = () => true;

type Pages<Item> = UseInfiniteQueryResult<InfiniteData<ListOf<Item>>>;

/** Every API key, revoked ones too. */
export function useKeys(): Pages<ApiKey> {
  return useAskedPages(SETTINGS_KEY, 'keys', [], (client, options) =>
    client.keys.list({ ...options, limit: A_PAGE }),
  );
}

export function useProjects(): Pages<Project> {
  return useAskedPages(SETTINGS_KEY, 'projects', [], (client, options) =>
    client.projects.list({ ...options, limit: A_PAGE }),
  );
}

/** The tenant's own prices. */
export function usePrices(): Pages<Price> {
  return useAskedPages(SETTINGS_KEY, 'prices', [], (client, options) =>
    client.prices.list({ ...options, limit: A_PAGE }),
  );
}

/** Built-in prices of models whose name contains this; asked only where it says something. */
export function usePriceBook(model: string): UseQueryResult<ListOf<Price>> {
  return useAsked(
    SETTINGS_KEY,
    'book',
    [model],
    (client, { signal }) => client.prices.book({ model, limit: 20 }, signal),
    { keep: true, enabled: model !== '', isAnswer },
  );
}

const WHILE_RERATING_MS = 1_000;
const RERATES = 10;

/** What was rated anew lately. While one is running it is asked often, so that its progress is seen. */
export function useRerates(enabled: boolean): UseQueryResult<ListOf<Rerate>> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { tenant } = useView().view;
  return useQuery(
    {
      queryKey: [...SETTINGS_KEY, tenant, 'rerates'],
      queryFn: ({ signal }) => client.prices.rerates({ tenant, signal, limit: RERATES }),
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ state: is }) => is === 'running') ? WHILE_RERATING_MS : refreshMs,
      enabled,
    },
    queryClient,
  );
}

/** The models of the last thirty days, to tell which of them have no price. */
export function usePricedModels(): UseQueryResult<UsageAnswer> {
  return useAsked(
    SETTINGS_KEY,
    'priced-models',
    [],
    (client, { tenant, signal }) =>
      client.usage(
        {
          range: '30d',
          ...(tenant ? { tenant } : {}),
          group_by: ['provider', 'model'],
          metrics: ['calls', 'tokens', 'cost'],
          top: 100,
        },
        signal,
      ),
    { isAnswer },
  );
}

export function useReports(): Pages<Report> {
  return useAskedPages(SETTINGS_KEY, 'reports', [], (client, options) =>
    client.reports.list({ ...options, limit: A_PAGE }),
  );
}

/** What was sent of a report lately. */
export function useReportDeliveries(id: string): UseQueryResult<ListOf<ReportDelivery>> {
  return useAsked(
    SETTINGS_KEY,
    'deliveries',
    [id],
    (client, options) => client.reports.deliveries(id, { ...options, limit: DELIVERIES }),
    { isAnswer },
  );
}

export function useAudit(): Pages<AuditEntry> {
  return useAskedPages(SETTINGS_KEY, 'audit', [], (client, options) =>
    client.audit({ ...options, limit: AUDIT_A_PAGE }),
  );
}

export function useTenant(slug: string | undefined): UseQueryResult<TenantSettings> {
  return useAsked(
    SETTINGS_KEY,
    'tenant',
    [slug],
    (client, { signal }) => client.tenants.read(slug ?? '', signal),
    { enabled: slug !== undefined, isAnswer },
  );
}

const WHILE_FILLING_MS = 1_500;

/** Declared dimensions. While one of them is being filled it is asked often, so that its progress is seen. */
export function useDimensions(): UseQueryResult<ListOf<DeclaredDimension>> {
  const { client, queryClient, refreshMs } = useMeterwire();
  const { tenant } = useView().view;
  return useQuery(
    {
      queryKey: [...SETTINGS_KEY, tenant, 'dimensions'],
      queryFn: ({ signal }) => client.dimensions.list({ tenant, signal }),
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ state: is }) => is === 'filling') ? WHILE_FILLING_MS : refreshMs,
    },
    queryClient,
  );
}

/** A change to keys, projects, prices, reports, dimensions or the tenant. */
export function useSettingsChange<Input, Output = unknown>(
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  return useChange(SETTINGS_KEY, act);
}

/** A change after which everything that was asked is asked again, as the name of a tenant stands everywhere. */
export function useWideChange<Input, Output = unknown>(
  act: (client: MeterwireClient, input: Input, options: CallOptions) => Promise<Output>,
): UseMutationResult<Output, Error, Input> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useMutation(
    {
      mutationFn: (input: Input) => act(client, input, { tenant }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['meterwire'] }),
    },
    queryClient,
  );
}
