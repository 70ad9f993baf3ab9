'use client';

import { useSyncExternalStore } from 'react';
import { useMeterwire } from '../state/context.ts';
import type { ViewSource } from '../state/sources.ts';

/** What has to be said about the numbers of all views together; null where all are live. */
export function useWorstSource(): ViewSource | null {
  const { sources } = useMeterwire();
  return useSyncExternalStore(sources.subscribe, sources.worst, () => null);
}

/** Whether what is shown is made up. */
export function useIsSample(): boolean {
  return useWorstSource()?.source === 'sample';
}
