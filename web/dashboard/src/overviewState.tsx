import {
  LogProvider,
  type LogState,
  MeterwireProvider,
  type ShownMetric,
  type UsageView,
} from '@meterwire/react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { pathTenant, withoutPathTenant } from './pathTenant.ts';
import {
  OF_SHOWN_EVENTS,
  type OverviewState,
  parseSearch,
  searchFromState,
  stateFromSearch,
  withView,
} from './search.ts';
import { useLogWays } from './logWays.ts';
import { LeaveGuard } from './shell/LeaveGuard.tsx';
import { PageKeys } from './viewKeys.tsx';

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
  const state = useMemo(() => {
    const search = parseSearch(text);
    const read = ofPage(path, stateFromSearch(search));
    const tenant = pathTenant(path);
    if (tenant === undefined) return read;
    // Usage statistics are of a month, unless the address says otherwise.
    const range = search.range || search.from ? read.view.range : ({ preset: 'this_month' } as const);
    return { ...read, view: { ...read.view, range, tenant } };
  }, [text, path]);
  const value = useMemo(() => {
    const go = (next: OverviewState, replace = false) =>
      navigate({ to: '/', search: searchFromState(next), replace, resetScroll: false });
    return {
      state,
      // Another page that follows the shared range keeps what else stands in its address.
      setView: (view: UsageView) => {
        if (path === '/') return go({ ...state, view, log: { ...state.log, page: 1 } });
        const search = withView(parseSearch(text), withoutPathTenant(path, view));
        for (const name of OF_SHOWN_EVENTS) delete search[name];
        return navigate({ to: path, search, resetScroll: false });
      },
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
    <MeterwireProvider view={state.view} onViewChange={value.setView} fallback={false}>
      <OverviewStateContext.Provider value={value}>
        <PageKeys />
        <LeaveGuard />
        <LogWaysOfPage>{children}</LogWaysOfPage>
      </OverviewStateContext.Provider>
    </MeterwireProvider>
  );
}

/** Only the log can be of events with, or without, a price. */
function ofPage(path: string, { view: { priced, ...view }, ...rest }: OverviewState): OverviewState {
  const kept = path === '/log' && priced !== undefined ? { priced } : {};
  return { ...rest, view: { ...view, ...kept } };
}

/** Every number on every page leads to the log in the same way. */
function LogWaysOfPage({ children }: { children: ReactNode }) {
  return <LogProvider ways={useLogWays()}>{children}</LogProvider>;
}

export function useOverviewState(): OverviewStateValue {
  const value = useContext(OverviewStateContext);
  if (!value) throw new Error('The overview needs <AddressState> above it.');
  return value;
}
