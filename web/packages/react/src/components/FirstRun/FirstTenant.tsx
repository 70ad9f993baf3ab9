'use client';

import { NewTenantForm } from '../TenantSettings/NewTenantForm.tsx';

/** What an admin of a fresh server sees: how to make the first tenant. */
export function FirstTenant({ onMade }: { onMade: (slug: string) => void }) {
  return (
    <section className="mw-card mw-first" aria-label="Make the first tenant">
      <h1 className="mw-first-title">No tenants yet</h1>
      <p className="mw-first-text">
        Usage, keys and prices belong to a tenant: a company, or a customer of yours. Make the first one, then
        send it an event.
      </p>
      <NewTenantForm onMade={onMade} />
    </section>
  );
}
