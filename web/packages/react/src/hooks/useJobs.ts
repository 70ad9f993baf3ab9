'use client';

import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { type Jobs, jobsOf } from '../state/jobs.ts';

/** What is being worked on, on whatever page it was begun. */
export function useJobs(): Jobs {
  const { queryClient } = useMeterwire();
  return useStore(jobsOf(queryClient));
}

/** Asks before the window is closed on something that only runs in it. */
export function useKeepOpen(busy: boolean): void {
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [busy]);
}
