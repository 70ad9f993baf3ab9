import { useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useOverviewState } from './overviewState.tsx';
import { withoutPathTenant } from './pathTenant.ts';
import { parseSearch, type Search, searchFromView } from './search.ts';

interface PageState<State> {
  state: State;
  setState: (state: State) => void;
  setTenant: (slug: string, how?: 'push' | 'replace') => void;
}

/**
 * The state of a page that lives in the address beside the shared view. Another tenant has other budgets and channels, so
 * a change of tenant begins with `fresh`.
 */
export function usePageState<State>(
  path: string,
  read: (search: Search) => State,
  write: (state: State) => Search,
  fresh: (state: State) => State,
): PageState<State> {
  const text = useLocation({ select: (location) => location.searchStr });
  const navigate = useNavigate();
  const { view } = useOverviewState().state;
  return useMemo(() => {
    const state = read(parseSearch(text));
    const go = (own: State, shown: typeof view, replace = false) =>
      navigate({
        // The address of a page may hold the name of a tenant, which the types of routes cannot follow.
        to: path as '/',
        search: { ...searchFromView(withoutPathTenant(path, shown)), ...write(own) },
        replace,
        resetScroll: false,
      });
    return {
      state,
      setState: (next) => go(next, view),
      setTenant: (slug, how = 'push') =>
        how === 'push'
          ? go(fresh(state), { ...view, tenant: slug, filters: {} })
          : go(state, { ...view, tenant: slug }, true),
    };
  }, [text, navigate, view, path, read, write, fresh]);
}
