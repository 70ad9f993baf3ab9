import {
  ErrorState,
  FirstTenant,
  type Me,
  MeterwireError,
  Skeleton,
  type Tenant,
  useJobs,
  useMe,
  useSignOut,
  useView,
} from '@meterwire/react';
import { useRouter } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTitle } from '../useTitle.ts';
import { Header } from './Header.tsx';
import type { PageName } from './pages.ts';
import { useCommandKey } from './useCommandKey.ts';

// Nobody waits for it: it is fetched a while after the page is there, or when it is asked for before that.
const fetchPalette = async () => ({ default: (await import('./Palette.tsx')).Palette });
const Palette = lazy(fetchPalette);
const PALETTE_AFTER_MS = 2_000;

export interface SignedInProps {
  page: PageName;
  /** Another tenant was chosen, or (`replace`) the first one is named for an admin who named none. */
  onTenantChange: (slug: string, how?: 'push' | 'replace') => void;
  children: (me: Me) => ReactNode;
}

/** The frame of every page but the sign-in: who is signed in decides what stands in it. */
export function SignedIn(props: SignedInProps) {
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
  return <Frame {...props} me={me} />;
}

function Frame({ page, onTenantChange, children, me }: SignedInProps & { me: Me }) {
  const { view } = useView();
  const router = useRouter();
  const signOut = useSignOut();
  const wanted = me.role === 'admin' ? (view.tenant ?? me.tenants[0]?.slug) : me.tenant?.slug;
  const tenant: Tenant | null = me.tenants.find(({ slug }) => slug === wanted) ?? me.tenant ?? null;
  useTitle(tenant ? `${page} · ${tenant.name}` : page);
  const { forgetAll } = useJobs();
  const [commands, setCommands] = useState(false);
  useCommandKey(() => setCommands(!commands));
  useEffect(() => {
    // A failure is met again, and said, when the palette is opened.
    const timer = setTimeout(() => fetchPalette().catch(() => {}), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        forgetAll();
        void router.navigate({ to: '/login' });
      },
    });

  // An admin must name a tenant with every question, so the first one is written into the address.
  const mustName = me.role === 'admin' && !view.tenant && wanted !== undefined;
  return (
    <>
      <a className="app-skip" href="#main">
        Skip to the numbers
      </a>
      <Header
        me={me}
        tenant={tenant}
        page={page}
        onTenantChange={onTenantChange}
        onSignOut={leave}
        onCommands={() => setCommands(true)}
      />
      {commands && (
        <Suspense fallback={null}>
          <Palette
            me={me}
            tenant={tenant}
            onTenantChange={onTenantChange}
            onSignOut={leave}
            onClose={() => setCommands(false)}
          />
        </Suspense>
      )}
      <main className="app-main" id="main" tabIndex={-1}>
        {signOut.isError && (
          <p className="mw-problem" role="alert">
            Signing out failed: {signOut.error.message}
          </p>
        )}
        {mustName ? (
          <NameTenant slug={wanted} onName={onTenantChange} />
        ) : me.role === 'admin' && me.tenants.length === 0 ? (
          <FirstTenant onMade={(slug) => onTenantChange(slug, 'replace')} />
        ) : (
          children(me)
        )}
      </main>
      <footer className="app-footer">Meterwire {me.version}</footer>
    </>
  );
}

/** After signing in the same view is shown again. */
function ToLogin() {
  const router = useRouter();
  const { forgetAll } = useJobs();
  // Whoever signs in next is not told what the one before worked on.
  useEffect(forgetAll, [forgetAll]);
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
