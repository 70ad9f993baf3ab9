import { type LogState, MeterwireProvider, type ShownMetric, type UsageView } from '@meterwire/react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type OverviewState, parseSearch, searchFromState, stateFromSearch, withView } from './search.ts';

interface OverviewStateValue {
  state: OverviewState;
  setMetric: (metric: ShownMetric) => void;
  setLog: (log: LogState) => void;
  /** Another tenant has other projects and models, so filters and page end with the change. */
  setTenant: (slug: string, how?: 'push' | 'replace') => void;
}

const OverviewStateContext = createContext<OverviewStateValue | null>(null);

/** Keeps the address the only place where the page's state lives: it is read from there and written there. */
export function AddressState({ children }: { children: ReactNode }) {
  const text = useLocation({ select: (location) => location.searchStr });
  const path = useLocation({ select: (location) => location.pathname });
  const navigate = useNavigate();
  const state = useMemo(() => stateFromSearch(parseSearch(text)), [text]);
  const value = useMemo(() => {
    const go = (next: OverviewState, replace = false) =>
      navigate({ to: '/', search: searchFromState(next), replace, resetScroll: false });
    return {
      state,
      // Another page that follows the shared range keeps what else stands in its address.
      setView: (view: UsageView) =>
        path === '/'
          ? go({ ...state, view, log: { ...state.log, page: 1 } })
          : navigate({ to: path, search: withView(parseSearch(text), view), resetScroll: false }),
      setMetric: (metric: ShownMetric) => go({ ...state, metric }),
      setLog: (log: LogState) => go({ ...state, log }),
      setTenant: (slug: string, how: 'push' | 'replace' = 'push') => {
        const filters = how === 'push' ? {} : state.view.filters;
        const log = how === 'push' ? { ...state.log, page: 1 } : state.log;
        go({ ...state, view: { ...state.view, tenant: slug, filters }, log }, how === 'replace');
      },
    };
  }, [state, navigate, path, text]);
  return (
    <MeterwireProvider view={state.view} onViewChange={value.setView}>
      <OverviewStateContext.Provider value={value}>{children}</OverviewStateContext.Provider>
    </MeterwireProvider>
  );
}

export function useOverviewState(): OverviewStateValue {
  const value = useContext(OverviewStateContext);
  if (!value) throw new Error('The overview needs <AddressState> above it.');
  return value;
}
