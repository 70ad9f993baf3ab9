import { Icon, type Me, type Tenant } from '@meterwire/react';
import { Link } from '@tanstack/react-router';
import { Mark } from './Mark.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

export interface HeaderProps {
  me: Me;
  tenant: Tenant | null;
  onTenantChange: (slug: string) => void;
  onSignOut: () => void;
}

export function Header({ me, tenant, onTenantChange, onSignOut }: HeaderProps) {
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
          search={me.role === 'admin' && tenant ? { tenant: tenant.slug } : {}}
          aria-label="Meterwire, overview"
        >
          <Mark />
          <span className="app-brand-name">Meterwire</span>
        </Link>
        <TenantName me={me} tenant={tenant} onTenantChange={onTenantChange} />
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
function TenantName({ me, tenant, onTenantChange }: Omit<HeaderProps, 'onSignOut'>) {
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
