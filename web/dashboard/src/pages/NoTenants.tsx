import { CopyBlock } from '@meterwire/react';

/** What an admin of a fresh server sees: how to make the first tenant. */
export function NoTenants({ origin }: { origin: string }) {
  const command = [
    `curl '${origin}/api/v1/tenants' \\`,
    `  -H "Authorization: Bearer $METERWIRE_ADMIN_TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"slug":"acme","name":"Acme","timezone":"UTC"}'`,
  ].join('\n');
  return (
    <section className="mw-card mw-first" aria-label="Make the first tenant">
      <h1 className="mw-first-title">No tenants yet</h1>
      <p className="mw-first-text">
        Usage belongs to a tenant. Make the first one from a shell, with the admin token that you signed in
        with, then reload this page.
      </p>
      <CopyBlock label="Command that makes the first tenant" text={command} />
    </section>
  );
}
