import { EmptyRange, type Me, UsageStatsPage } from '@meterwire/react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useLogWays } from '../logWays.ts';
import { useOverviewState } from '../overviewState.tsx';
import { searchFromView } from '../search.ts';
import { usePageState } from '../pageState.ts';
import { SignedIn } from '../shell/SignedIn.tsx';
import { searchFromUsage, usageFromSearch } from '../usageSearch.ts';

/** The usage of one tenant: `/dashboard/{tenantSlug}/usage`. */
export function UsagePage() {
  const { tenantSlug } = useParams({ strict: false });
  const { state, setState } = usePageState(
    `/dashboard/${encodeURIComponent(tenantSlug ?? '')}/usage`,
    usageFromSearch,
    searchFromUsage,
    same,
  );
  const { view } = useOverviewState().state;
  const navigate = useNavigate();
  const log = useLogWays();
  // The tenant stands in the path, and other tenants have other projects and models.
  const setTenant = useCallback(
    (slug: string) => {
      const { tenant: _, ...shown } = view;
      void navigate({
        to: `/dashboard/${encodeURIComponent(slug)}/usage` as '/',
        search: { ...searchFromView({ ...shown, filters: {} }), ...searchFromUsage(state) },
        resetScroll: false,
      });
    },
    [navigate, view, state],
  );
  return (
    <SignedIn page="Usage" onTenantChange={setTenant}>
      {(me) =>
        isOf(me, tenantSlug) ? (
          <UsageStatsPage
            me={me}
            state={state}
            onStateChange={setState}
            log={log}
            origin={window.location.origin}
          />
        ) : (
          <NoSuchTenant />
        )
      }
    </SignedIn>
  );
}

function same<State>(state: State): State {
  return state;
}

function isOf(me: Me, slug: string | undefined): boolean {
  return me.tenants.some((tenant) => tenant.slug === slug) || me.tenant?.slug === slug;
}

/** The same words for a tenant that is not there and for somebody else's. */
function NoSuchTenant() {
  return (
    <section className="mw-card" aria-label="No such tenant">
      <h1 className="mw-hidden">Usage</h1>
      <EmptyRange
        action={
          <Link className="mw-button" to="/" search={{}}>
            Go to the overview
          </Link>
        }
      >
        There is no tenant of this name that you may look at.
      </EmptyRange>
    </section>
  );
}
