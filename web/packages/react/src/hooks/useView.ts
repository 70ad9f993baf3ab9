'use client';

import { useStore } from 'zustand';
import { useMeterwire } from '../state/context.ts';
import type { ViewState } from '../state/store.ts';

/** The shared view and the ways to change it. */
export function useView(): ViewState {
  const { store } = useMeterwire();
  return useStore(store);
}
