'use client';

import { type ClientOptions, createClient, type MeterwireClient } from '@meterwire/client';
import type { QueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { SourceNotice } from '../components/SourceNotice/SourceNotice.tsx';
import { DEFAULT_VIEW, type UsageView } from '../logic/range.ts';
import { createQueryClient, DEFAULT_REFRESH_MS, MeterwireContext } from './context.ts';
import { createSources, type Sources } from './sources.ts';
import { createViewStore, type ViewStore } from './store.ts';

export { createQueryClient, ME_KEY, type MeterwireContextValue, useMeterwire } from './context.ts';

export interface MeterwireProviderProps {
  /** Where the server is. Empty means the address that served the page. */
  baseUrl?: string;
  /**
   * An embed token, a JWT or an API key, or a function that fetches one: it is asked at first and again when the server
   * no longer takes what it gave. Without one the session cookie is used.
   */
  token?: string | (() => Promise<string>);
  /** An IANA zone for all dates, where `view` names none; without either the tenant's own. */
  tz?: string;
  /** The view to show; change it from outside (the address bar) at any time. */
  view?: UsageView;
  /** Told of every change that a component makes, so that it can be written into the address. */
  onViewChange?: (view: UsageView) => void;
  refreshMs?: number;
  /**
   * Whether sample data, marked as such on every card, stands in for numbers that cannot be had. Without it the error is
   * shown. True where it is absent.
   */
  fallback?: boolean;
  /** False asks no server at all and shows sample data. */
  live?: boolean;
  /** A flat rate in cents a call for `useUsage`; without it the server's own estimate is taken. */
  rateCents?: number;
  queryClient?: QueryClient;
  /** For tests and for other runtimes. */
  fetch?: ClientOptions['fetch'];
  children: ReactNode;
}

/** Gives the components below it a client, a cache and one shared view. */
export function MeterwireProvider(props: MeterwireProviderProps) {
  const { baseUrl, fetch, fallback = true, live = true, rateCents, children } = props;
  const token = useStableToken(props.token);
  const client = useMemo(() => createClient({ baseUrl, token, fetch }), [baseUrl, token, fetch]);
  const [ownQueryClient] = useState(createQueryClient);
  const queryClient = props.queryClient ?? ownQueryClient;
  const [sources] = useState(createSources);
  useMountedQueryClient(queryClient, client, sources);
  const store = useViewStore(props);
  const refreshMs = props.refreshMs ?? DEFAULT_REFRESH_MS;
  const value = useMemo(
    () => ({ client, queryClient, store, refreshMs, live, fallback, sources, rateCents }),
    [client, queryClient, store, refreshMs, live, fallback, sources, rateCents],
  );
  return (
    <MeterwireContext.Provider value={value}>
      {fallback && <SourceNotice rank={0} />}
      {children}
    </MeterwireContext.Provider>
  );
}

/** React 18 warns of layout effects where there is no layout. */
const useSoonEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** Another function is the same way to a token; another text is another token. */
function useStableToken(token: MeterwireProviderProps['token']): MeterwireProviderProps['token'] {
  const latest = useRef(token);
  useSoonEffect(() => {
    latest.current = token;
  }, [token]);
  const [fetched] = useState(() => async () => {
    const now = latest.current;
    return typeof now === 'function' ? now() : (now ?? '');
  });
  return typeof token === 'function' ? fetched : token;
}

function useViewStore({ view, tz, onViewChange }: MeterwireProviderProps): ViewStore {
  const latestOnChange = useRef(onViewChange);
  useSoonEffect(() => {
    latestOnChange.current = onViewChange;
  }, [onViewChange]);
  const [store] = useState(() =>
    createViewStore(withZone(view ?? DEFAULT_VIEW, tz), (next) => latestOnChange.current?.(next)),
  );
  useSoonEffect(() => {
    if (view) store.getState().replace(withZone(view, tz));
  }, [view, tz, store]);
  const firstZone = useRef(tz);
  useSoonEffect(() => {
    if (firstZone.current === tz) return;
    firstZone.current = tz;
    store.getState().setTz(tz);
  }, [tz, store]);
  return store;
}

function withZone(view: UsageView, tz: string | undefined): UsageView {
  return view.tz || !tz ? view : { ...view, tz };
}

/** The cache starts empty with another client: another key may not see what the first one did. */
function useMountedQueryClient(queryClient: QueryClient, client: MeterwireClient, sources: Sources): void {
  useEffect(() => {
    queryClient.mount();
    return () => queryClient.unmount();
  }, [queryClient]);
  const firstClient = useRef(client);
  useEffect(() => {
    if (firstClient.current === client) return;
    firstClient.current = client;
    sources.reset();
    queryClient.clear();
  }, [queryClient, client, sources]);
}
