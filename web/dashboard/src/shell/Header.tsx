import { Icon, type Me, type Tenant } from '@meterwire/react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { JobsMark } from './JobsMark.tsx';
import { LiveToday } from './LiveToday.tsx';
import { Mark } from './Mark.tsx';
import { Menu } from './Menu.tsx';
import { PageLinks } from './PageLinks.tsx';
import type { PageName } from './pages.ts';
import { SHORTCUT } from './shortcut.ts';
import { ThemeSwitch } from './ThemeSwitch.tsx';
import './header.css';

export interface HeaderProps {
  me: Me;
  tenant: Tenant | null;
  /** The one that is shown. */
  page: PageName;
  onTenantChange: (slug: string) => void;
  onSignOut: () => void;
  onCommands: () => void;
}

/** Where one is, and the ways elsewhere: a row of pages, and on a phone a menu. */
export function Header(props: HeaderProps) {
  const { me, tenant, page, onSignOut, onCommands } = props;
  const namesTenant = me.role === 'admin';
  const links = { page, tenant, namesTenant };
  return (
    <header className="app-header">
      {me.demo && (
        <p className="app-demo">
          <strong>Demo data.</strong> Everything here is made up, and is gone when the demo stops.
        </p>
      )}
      <div className="app-header-inner">
        <Link
          className="app-brand"
          to="/"
          search={namesTenant && tenant ? { tenant: tenant.slug } : {}}
          aria-label="Meterwire, overview"
        >
          <Mark />
          <span className="app-brand-name">Meterwire</span>
        </Link>
        <TenantName {...props} />
        <PageRow {...links} />
        <div className="app-header-end">
          <LiveToday key={tenant?.slug} me={me} tenant={tenant} />
          <JobsMark search={namesTenant && tenant ? { tenant: tenant.slug } : {}} />
          <button
            type="button"
            className="mw-button app-commands"
            aria-keyshortcuts="Control+K Meta+K"
            aria-haspopup="dialog"
            onClick={onCommands}
          >
            <Icon name="search" />
            <span className="app-commands-text">Search</span>
            <span className="mw-hidden"> and commands</span>
            <kbd className="mw-shortcut" aria-hidden="true">
              {SHORTCUT}
            </kbd>
          </button>
          <div className="app-wide-only">
            <ThemeSwitch />
          </div>
          <button type="button" className="mw-button app-sign-out app-wide-only" onClick={onSignOut}>
            <Icon name="exit" />
            <span className="app-sign-out-text">Sign out</span>
          </button>
          <Menu {...links} onSignOut={onSignOut} />
        </div>
      </div>
    </header>
  );
}

function PageRow(props: { page: PageName; tenant: Tenant | null; namesTenant: boolean }) {
  const nav = useRef<HTMLElement>(null);
  // Where the row is wider than the screen, the shown page is brought into sight.
  useEffect(() => {
    const row = nav.current;
    const link = row?.querySelector<HTMLElement>(`[data-page="${props.page}"]`);
    if (row && link) row.scrollLeft = link.offsetLeft + link.offsetWidth - row.offsetLeft - row.clientWidth;
  }, [props.page]);
  return (
    <nav className="app-nav" aria-label="Pages" ref={nav}>
      <PageLinks {...props} className="app-nav-link" />
    </nav>
  );
}

/** An admin chooses among all tenants; everybody else has exactly one. */
function TenantName({ me, tenant, onTenantChange }: HeaderProps) {
  if (me.role !== 'admin') {
    return (
      <p className="app-tenant" title={tenant?.name}>
        {tenant?.name}
      </p>
    );
  }
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
