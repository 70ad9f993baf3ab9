import {
  ErrorState,
  type Me,
  MeterwireError,
  Skeleton,
  UsageOverview,
  useMe,
  useSignOut,
  useView,
} from '@meterwire/react';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useOverviewState } from '../overviewState.tsx';
import { Header } from '../shell/Header.tsx';
import { useTitle } from '../useTitle.ts';
import { NoTenants } from './NoTenants.tsx';

/** The first page: who is signed in decides what stands in it. */
export function OverviewPage() {
  const { data: me, error, isFetching, refetch } = useMe();
  if (error instanceof MeterwireError && error.status === 401) return <ToLogin />;
  if (error) {
    return (
      <main className="app-main">
        <h1 className="mw-hidden">Meterwire</h1>
        <section className="mw-card" aria-label="Error">
          <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
        </section>
      </main>
    );
  }
  if (!me) {
    return (
      <main className="app-main">
        <h1 className="mw-hidden">Meterwire</h1>
        <Skeleton label="Meterwire" className="app-skeleton" />
      </main>
    );
  }
  return <SignedIn me={me} />;
}

function SignedIn({ me }: { me: Me }) {
  const { state, setMetric, setLog, setTenant } = useOverviewState();
  const { view } = useView();
  const router = useRouter();
  const signOut = useSignOut();
  const wanted = me.role === 'admin' ? (view.tenant ?? me.tenants[0]?.slug) : me.tenant?.slug;
  const tenant = me.tenants.find(({ slug }) => slug === wanted) ?? me.tenant ?? null;
  useTitle(tenant ? `Overview · ${tenant.name}` : 'Overview');
  const leave = () => signOut.mutate(undefined, { onSuccess: () => router.navigate({ to: '/login' }) });

  // An admin must name a tenant with every question, so the first one is written into the address.
  const mustName = me.role === 'admin' && !view.tenant && wanted !== undefined;
  return (
    <>
      <a className="app-skip" href="#main">
        Skip to the numbers
      </a>
      <Header me={me} tenant={tenant} onTenantChange={setTenant} onSignOut={leave} />
      <main className="app-main" id="main" tabIndex={-1}>
        {signOut.isError && (
          <p className="mw-problem" role="alert">
            Signing out failed: {signOut.error.message}
          </p>
        )}
        {mustName ? (
          <NameTenant slug={wanted} onName={setTenant} />
        ) : me.role === 'admin' && me.tenants.length === 0 ? (
          <NoTenants origin={window.location.origin} />
        ) : (
          <UsageOverview
            me={me}
            metric={state.metric}
            onMetricChange={setMetric}
            log={state.log}
            onLogChange={setLog}
            origin={window.location.origin}
          />
        )}
      </main>
      <footer className="app-footer">Meterwire {me.version}</footer>
    </>
  );
}

/** After signing in the same view is shown again. */
function ToLogin() {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.state.location;
    router.navigate({ to: '/login', search: href === '/' ? {} : { next: href }, replace: true });
  }, [router]);
  return <Skeleton label="the sign-in page" className="app-skeleton" />;
}

function NameTenant({ slug, onName }: { slug: string; onName: (slug: string, how: 'replace') => void }) {
  useEffect(() => onName(slug, 'replace'), [slug, onName]);
  return <Skeleton label={slug} className="app-skeleton" />;
}
