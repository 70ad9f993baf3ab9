import { Icon, type Me, type Tenant } from '@meterwire/react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Mark } from './Mark.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

const PAGES = [
  { name: 'Overview', to: '/' },
  { name: 'Budgets', to: '/budgets' },
  { name: 'Departments', to: '/departments' },
  { name: 'Limits', to: '/limits' },
  { name: 'Alerts', to: '/alerts' },
  { name: 'Reconcile', to: '/reconcile' },
] as const;

export type PageName = (typeof PAGES)[number]['name'];

export interface HeaderProps {
  me: Me;
  tenant: Tenant | null;
  /** The one that is shown. */
  page: PageName;
  onTenantChange: (slug: string) => void;
  onSignOut: () => void;
}

export function Header({ me, tenant, page, onTenantChange, onSignOut }: HeaderProps) {
  const search = me.role === 'admin' && tenant ? { tenant: tenant.slug } : {};
  const nav = useRef<HTMLElement>(null);
  // On a phone the row of pages is wider than the screen; the shown one is brought into sight.
  useEffect(() => {
    const row = nav.current;
    const link = row?.querySelector<HTMLElement>(`[data-page="${page}"]`);
    if (row && link) row.scrollLeft = link.offsetLeft + link.offsetWidth - row.offsetLeft - row.clientWidth;
  }, [page]);
  return (
    <header className="app-header">
      {me.demo && (
        <p className="app-demo">
          <strong>Demo data.</strong> Everything here is made up, and is gone when the demo stops.
        </p>
      )}
      <div className="app-header-inner">
        <Link className="app-brand" to="/" search={search} aria-label="Meterwire, overview">
          <Mark />
          <span className="app-brand-name">Meterwire</span>
        </Link>
        <TenantName me={me} tenant={tenant} onTenantChange={onTenantChange} />
        <nav className="app-nav" aria-label="Pages" ref={nav}>
          {PAGES.map(({ name, to }) => (
            <Link
              key={name}
              className="app-nav-link"
              to={to}
              search={search}
              data-page={name}
              // Whether it is this page is said here, not guessed from the address.
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={name === page ? 'page' : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
        <div className="app-header-end">
          <ThemeSwitch />
          <button type="button" className="mw-button app-sign-out" onClick={onSignOut}>
            <Icon name="exit" />
            <span className="app-sign-out-text">Sign out</span>
          </button>
        </div>
      </div>
    </header>
  );
}

/** An admin chooses among all tenants; everybody else has exactly one. */
function TenantName({ me, tenant, onTenantChange }: Omit<HeaderProps, 'onSignOut' | 'page'>) {
  if (me.role !== 'admin') return <p className="app-tenant">{tenant?.name}</p>;
  if (me.tenants.length === 0) return null;
  return (
    <select
      className="mw-select app-tenant-select"
      aria-label="Tenant"
      value={tenant?.slug ?? ''}
      onChange={(event) => onTenantChange(event.target.value)}
    >
      {!tenant && <option value="">Choose a tenant</option>}
      {me.tenants.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </select>
  );
}
