import { type Drill, type LogWays, useMe } from '@meterwire/react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useOverviewState } from './overviewState.tsx';
import { type Search, searchFromView, stringifySearch } from './search.ts';

/** How the numbers of a page lead to the log, with the tenant and the zone that are shown. */
export function useLogWays(): LogWays {
  const { view } = useOverviewState().state;
  // Whoever signs in is nobody yet.
  const isSigningIn = useLocation({ select: ({ pathname }) => pathname === '/login' });
  const { data: me } = useMe({ enabled: !isSigningIn });
  const navigate = useNavigate();
  // For everybody but an admin the key decides whose events they are.
  const tenant = me?.role === 'admin' ? view.tenant : undefined;
  return useMemo(() => {
    const searchOf = ({ range, filters, priced, tz }: Drill): Search => ({
      ...searchFromView({ range, filters, priced, tz: tz ?? view.tz, tenant }),
      // Dearest first, where there is a cost: that is what whoever asks for the rows of a sum is after.
      ...(priced === false ? {} : { sort: '-cost' }),
    });
    return {
      hrefOf: (drill) => `/log${stringifySearch(searchOf(drill))}`,
      open: (drill) => void navigate({ to: '/log', search: searchOf(drill) }),
    };
  }, [view.tz, tenant, navigate]);
}
