import {
  DEFAULT_LIMITS,
  firstSection,
  isElsewhere,
  isSection,
  type Me,
  type SettingsElsewhere,
  SettingsOverview,
  type SettingsSection,
  Skeleton,
} from '@meterwire/react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { searchFromLimits } from '../limitsSearch.ts';
import { useOverviewState } from '../overviewState.tsx';
import { one, type Search, searchFromView } from '../search.ts';
import { SignedIn } from '../shell/SignedIn.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { SettingsNav } from './SettingsNav.tsx';

const route = getRouteApi('/settings/$section');

/** One section of the settings. Which one stands in the address. */
export function SettingsPage() {
  const { section } = route.useParams();
  const search: Search = route.useSearch();
  const { view } = useOverviewState().state;
  const navigate = useNavigate();
  if (!isSection(section) && !isElsewhere(section)) return <NotFoundPage />;
  const setTenant = (tenant: string, how: 'push' | 'replace' = 'push') =>
    void navigate({
      to: '/settings/$section',
      params: { section },
      search: how === 'push' ? { tenant } : { ...search, tenant },
      replace: how === 'replace',
    });
  return (
    <SignedIn page="Settings" onTenantChange={setTenant}>
      {(me) =>
        isSection(section) ? (
          <SettingsOverview
            me={me}
            section={section}
            nav={<SettingsNav me={me} section={section} search={tenantOnly(view.tenant, view.tz)} />}
            origin={window.location.origin}
            adding={one(search.new) === '1'}
            onTenant={setTenant}
            audited={one(search.of)}
            onAudit={(of) =>
              void navigate({
                to: '/settings/$section',
                params: { section: 'audit' },
                search: { ...tenantOnly(view.tenant, view.tz), of },
              })
            }
          />
        ) : (
          <Elsewhere section={section} tenant={view.tenant} />
        )
      }
    </SignedIn>
  );
}

function tenantOnly(tenant: string | undefined, tz: string | undefined): Search {
  return { ...(tenant ? { tenant } : {}), ...(tz ? { tz } : {}) };
}

/** `/settings` leads to the first section that the key may see. */
export function SettingsStart() {
  const { view } = useOverviewState().state;
  const navigate = useNavigate();
  const open = (section: SettingsSection, tenant: string | undefined) =>
    void navigate({
      to: '/settings/$section',
      params: { section },
      search: tenantOnly(tenant, view.tz),
      replace: true,
    });
  return (
    <SignedIn page="Settings" onTenantChange={(tenant) => open('keys', tenant)}>
      {(me) => <Leading me={me} onSection={(section) => open(section, view.tenant)} />}
    </SignedIn>
  );
}

function Leading({ me, onSection }: { me: Me; onSection: (section: SettingsSection) => void }) {
  // Only once: the address is another one then.
  useEffect(() => onSection(firstSection(me)), []);
  return <Skeleton label="settings" className="app-skeleton" />;
}

/** What has a page of its own is shown there. */
function Elsewhere({ section, tenant }: { section: SettingsElsewhere; tenant: string | undefined }) {
  const navigate = useNavigate();
  const { view } = useOverviewState().state;
  useEffect(() => {
    if (section === 'tiers') {
      const search = searchFromLimits({ tenant, limits: { ...DEFAULT_LIMITS, tab: 'tiers' } });
      void navigate({ to: '/limits', search, replace: true });
    } else void navigate({ to: '/budgets', search: searchFromView(view), replace: true });
  }, [section, tenant, view, navigate]);
  return <Skeleton label="the page" className="app-skeleton" />;
}
