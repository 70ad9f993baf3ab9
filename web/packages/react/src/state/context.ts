'use client';

import { createClient, type MeterwireClient, MeterwireError } from '@meterwire/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { environment } from './environment.ts';
import { createSources, type Sources } from './sources.ts';
import { createViewStore, type ViewStore } from './store.ts';

export interface MeterwireContextValue {
  client: MeterwireClient;
  queryClient: QueryClient;
  store: ViewStore;
  /** How often shown numbers are asked for again while the page is visible, in milliseconds. */
  refreshMs: number;
  /** Whether the server is asked at all. */
  live: boolean;
  /** Whether made-up numbers, marked as such, stand in for those that cannot be had. */
  fallback: boolean;
  sources: Sources;
  rateCents: number | undefined;
}

export const MeterwireContext = createContext<MeterwireContextValue | null>(null);

export const DEFAULT_REFRESH_MS = 30_000;

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

/** What the provider gives; without one, what the environment of the page's build says. */
export function useMeterwire(): MeterwireContextValue {
  return useContext(MeterwireContext) ?? withoutProvider();
}

let shared: MeterwireContextValue | undefined;

/** One for the whole page. A server that renders pages asks nothing while it does, so there is nothing to share. */
function withoutProvider(): MeterwireContextValue {
  if (shared) return shared;
  const { baseUrl, live, rateCents } = environment();
  const queryClient = createQueryClient();
  if (typeof window !== 'undefined') queryClient.mount();
  shared = {
    client: createClient({ baseUrl }),
    queryClient,
    store: createViewStore(),
    refreshMs: DEFAULT_REFRESH_MS,
    live,
    fallback: true,
    sources: createSources(),
    rateCents,
  };
  return shared;
}

/** For tests, which change the environment. */
export function forgetShared(): void {
  shared?.queryClient.unmount();
  shared = undefined;
}
