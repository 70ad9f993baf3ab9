import { createClient, type MeterwireClient } from '../../../web/packages/client/dist/index.js';
import { test as base, type World } from './test.ts';

/** A tenant of its own, so that no test sees what another one used or changed. */
export interface Fresh {
  tenant: string;
  owner: string;
  viewer: string;
  /** A client that takes decisions for users, as a backend would. */
  backend: MeterwireClient;
  memberOf(user: string): Promise<string>;
}

let made = 0;

async function makeTenant({ server }: World, worker: number): Promise<Fresh> {
  made += 1;
  const tenant = `limits-${worker}-${made}`;
  await server.createTenant(tenant, `Limits ${made}`);
  return {
    tenant,
    owner: await server.createKey(tenant, 'owner'),
    viewer: await server.createKey(tenant, 'viewer'),
    backend: createClient({ baseUrl: server.url, token: await server.createKey(tenant, 'ingest') }),
    memberOf: (user) => server.createKey(tenant, 'member', user),
  };
}

export const test = base.extend<{ fresh: Fresh }>({
  fresh: async ({ world }, use, info) => use(await makeTenant(world, info.workerIndex)),
});
