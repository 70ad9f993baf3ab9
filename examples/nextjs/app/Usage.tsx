'use client';

import { MeterwireProvider, UsageOverview } from '@meterwire/react';

/** Asks our own server, which knows who is signed in and keeps the key. */
async function embedToken(): Promise<string> {
  const answer = await fetch('/api/meterwire-token', { method: 'POST' });
  if (!answer.ok) throw new Error('Your session has ended.');
  const { token } = (await answer.json()) as { token: string };
  return token;
}

export function Usage({ tenantSlug }: { tenantSlug: string }) {
  return (
    <MeterwireProvider baseUrl={process.env.NEXT_PUBLIC_API_BASE ?? ''} token={embedToken}>
      <UsageOverview tenantSlug={tenantSlug} href={null} />
    </MeterwireProvider>
  );
}
