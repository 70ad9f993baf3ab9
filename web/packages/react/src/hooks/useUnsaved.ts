'use client';

import { useEffect, useId } from 'react';
import { useMeterwire } from '../state/context.ts';
import { unsavedOf } from '../state/unsaved.ts';
import { useKeepOpen } from './useJobs.ts';

/** Whether a form on the page holds something that is not saved; to be asked when the page is about to be left. */
export function useHasUnsaved(): () => boolean {
  const { queryClient } = useMeterwire();
  return unsavedOf(queryClient).any;
}

/** Tells that this form holds something, until what comes back is called. The browser asks before its window is closed. */
export function useUnsaved(holds: boolean): () => void {
  const { queryClient } = useMeterwire();
  const id = useId();
  useKeepOpen(holds);
  useEffect(() => {
    if (!holds) return;
    const unsaved = unsavedOf(queryClient);
    unsaved.hold(id);
    return () => unsaved.release(id);
  }, [holds, queryClient, id]);
  return () => unsavedOf(queryClient).release(id);
}
