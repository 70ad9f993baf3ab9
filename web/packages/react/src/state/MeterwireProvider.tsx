'use client';

import { type ClientOptions, createClient, type MeterwireClient, MeterwireError } from '@meterwire/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { UsageView } from '../logic/range.ts';
import { createViewStore, type ViewStore } from './store.ts';

export interface MeterwireContextValue {
  client: MeterwireClient;
  queryClient: QueryClient;
  store: ViewStore;
  /** How often shown numbers are asked for again while the page is visible, in milliseconds. */
  refreshMs: number;
}

const MeterwireContext = createContext<MeterwireContextValue | null>(null);

export interface MeterwireProviderProps {
  /** Where the server is. Empty means the address that served the page. */
  baseUrl?: string;
  /** An API key or a JWT. Without one the session cookie is used. */
  token?: string;
  /** The view to show; change it from outside (the address bar) at any time. */
  view?: UsageView;
  /** Told of every change that a component makes, so that it can be written into the address. */
  onViewChange?: (view: UsageView) => void;
  refreshMs?: number;
  queryClient?: QueryClient;
  /** For tests and for other runtimes. */
  fetch?: ClientOptions['fetch'];
  children: ReactNode;
}

const DEFAULT_REFRESH_MS = 30_000;

/** Gives the components below it a client, a cache and one shared view. */
export function MeterwireProvider(props: MeterwireProviderProps) {
  const { baseUrl, token, fetch, view, onViewChange, children } = props;
  const client = useMemo(() => createClient({ baseUrl, token, fetch }), [baseUrl, token, fetch]);
  const [ownQueryClient] = useState(createQueryClient);
  const queryClient = props.queryClient ?? ownQueryClient;
  useMountedQueryClient(queryClient, client);

  const latestOnChange = useRef(onViewChange);
  useLayoutEffect(() => {
    latestOnChange.current = onViewChange;
  }, [onViewChange]);
  const [store] = useState(() => createViewStore(view, (next) => latestOnChange.current?.(next)));
  useLayoutEffect(() => {
    if (view) store.getState().replace(view);
  }, [view, store]);

  const refreshMs = props.refreshMs ?? DEFAULT_REFRESH_MS;
  const value = useMemo(
    () => ({ client, queryClient, store, refreshMs }),
    [client, queryClient, store, refreshMs],
  );
  return <MeterwireContext.Provider value={value}>{children}</MeterwireContext.Provider>;
}

/** The cache starts empty with another client: another key may not see what the first one did. */
function useMountedQueryClient(queryClient: QueryClient, client: MeterwireClient): void {
  useEffect(() => {
    queryClient.mount();
    return () => queryClient.unmount();
  }, [queryClient]);
  const firstClient = useRef(client);
  useEffect(() => {
    if (firstClient.current === client) return;
    firstClient.current = client;
    queryClient.clear();
  }, [queryClient, client]);
}

/** Who is signed in, cached under this key. */
export const ME_KEY = ['meterwire', 'me'] as const;

const MAX_RETRIES = 1;

export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    // A session can end between two questions; asking who is signed in lets the page lead to the sign-in.
    queryCache: new QueryCache({
      onError: (error, query) => {
        const ended = error instanceof MeterwireError && error.status === 401;
        if (ended && query.queryKey[1] !== 'me') queryClient.invalidateQueries({ queryKey: ME_KEY });
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < MAX_RETRIES && error instanceof MeterwireError && error.retryable,
        retryDelay: 400,
        // A pause of the network must end in a visible error, never in an endless skeleton.
        networkMode: 'always',
        staleTime: 5_000,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}

export function useMeterwire(): MeterwireContextValue {
  const value = useContext(MeterwireContext);
  if (!value) throw new Error('Meterwire components need a <MeterwireProvider> above them.');
  return value;
}
