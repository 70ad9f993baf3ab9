import { LimitsOverview } from '@meterwire/react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type LimitsAddress, limitsFromSearch, searchFromLimits } from '../limitsSearch.ts';
import { parseSearch } from '../search.ts';
import { SignedIn } from '../shell/SignedIn.tsx';

/** The page about limits. Its state lives in the address and nowhere else. */
export function LimitsPage() {
  const text = useLocation({ select: (location) => location.searchStr });
  const navigate = useNavigate();
  const address = useMemo(() => limitsFromSearch(parseSearch(text)), [text]);
  const { go, setTenant } = useMemo(() => {
    const go = (next: LimitsAddress, how: 'push' | 'replace' = 'push') =>
      navigate({
        to: '/limits',
        search: searchFromLimits(next),
        replace: how === 'replace',
        resetScroll: false,
      });
    return {
      go,
      // Another tenant has other users and other metrics.
      setTenant: (tenant: string, how: 'push' | 'replace' = 'push') =>
        go(
          {
            tenant,
            limits:
              how === 'push' ? { ...address.limits, user: undefined, metric: undefined } : address.limits,
          },
          how,
        ),
    };
  }, [address, navigate]);
  return (
    <SignedIn page="Limits" onTenantChange={setTenant}>
      {(me) => (
        <LimitsOverview
          me={me}
          state={address.limits}
          onStateChange={(limits, how) => go({ ...address, limits }, how)}
        />
      )}
    </SignedIn>
  );
}
