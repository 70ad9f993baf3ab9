import type { Dimension, Filters } from '@meterwire/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  cleanFilters,
  DEFAULT_VIEW,
  type RangeChoice,
  sameView,
  toggleFilter,
  type UsageView,
} from '../logic/range.ts';

/** The one view that all components under a provider share, and the only ways to change it. */
export interface ViewState {
  view: UsageView;
  setRange(range: RangeChoice): void;
  setTz(tz: string | undefined): void;
  setFilters(filters: Filters): void;
  toggleFilter(dimension: Dimension, value: string): void;
  /** Only events with a known cost, only those without, or all. */
  setPriced(priced: boolean | undefined): void;
  /** Shows everything again. */
  clearFilters(): void;
  /** For the owner of the address bar: takes a view over without telling anybody. */
  replace(view: UsageView): void;
}

export type ViewStore = StoreApi<ViewState>;

export function createViewStore(
  initial: UsageView = DEFAULT_VIEW,
  onChange?: (view: UsageView) => void,
): ViewStore {
  return createStore<ViewState>((set, get) => {
    const change = (part: Partial<UsageView>) => {
      const view = { ...get().view, ...part };
      if (sameView(view, get().view)) return;
      set({ view });
      onChange?.(view);
    };
    return {
      view: initial,
      setRange: (range) => change({ range }),
      setTz: (tz) => change({ tz }),
      setFilters: (filters) => change({ filters: cleanFilters(filters) }),
      toggleFilter: (dimension, value) =>
        change({ filters: toggleFilter(get().view.filters, dimension, value) }),
      setPriced: (priced) => change({ priced }),
      clearFilters: () => change({ filters: {}, priced: undefined }),
      replace: (view) => {
        if (!sameView(view, get().view)) set({ view });
      },
    };
  });
}
