import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type MeterwireClient } from '../../../web/packages/client/dist/index.js';
import { test as base, type World } from './test.ts';

/** A tenant of its own with usage of known cost, so that no test sees what another one made. */
export interface Money {
  tenant: string;
  owner: string;
  viewer: string;
  /** With the owner's key. */
  client: MeterwireClient;
  record(events: readonly object[]): Promise<void>;
}

const DAY_MS = 86_400_000;

/** The first seconds of a UTC day: never in the future, and always inside the day that is meant. */
export function moment(daysAgo: number, second = 1): string {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return new Date(midnight - daysAgo * DAY_MS + second * 1000).toISOString();
}

/** The month before the present one, in UTC: `2026-10`. */
export function lastMonth(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

let made = 0;

async function makeTenant({ server }: World, worker: number): Promise<Money> {
  made += 1;
  const tenant = `money-${worker}-${made}`;
  await server.createTenant(tenant, `Money ${made}`);
  const owner = await server.createKey(tenant, 'owner');
  return {
    tenant,
    owner,
    viewer: await server.createKey(tenant, 'viewer'),
    client: createClient({ baseUrl: server.url, token: owner }),
    record: (events) => server.record(owner, events),
  };
}

export const test = base.extend<{ money: Money }>({
  money: async ({ world }, use, info) => use(await makeTenant(world, info.workerIndex)),
});

let calls = 0;

/** One call of known cost. */
export function call(cost_usd: string, part: object = {}): object {
  calls += 1;
  return {
    id: `call-${calls}`,
    source: 'e2e',
    time: moment(0),
    provider: 'openai',
    model: 'gpt-4o',
    project: 'support-bot',
    department: 'care',
    usage: { input_tokens: 1000, output_tokens: 200 },
    status: 200,
    cost_usd,
    ...part,
  };
}

/** A place on this machine that alerts can be sent to, and what came. */
export class Receiver {
  readonly got: { path: string; body: Record<string, unknown>; signature: string | undefined }[] = [];
  status = 204;

  private constructor(private readonly http: HttpServer) {}

  static async start(): Promise<Receiver> {
    const http = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const signature = request.headers['webhook-signature'];
      receiver.got.push({
        path: request.url ?? '',
        body: JSON.parse(Buffer.concat(chunks).toString() || '{}'),
        signature: Array.isArray(signature) ? signature[0] : signature,
      });
      response.writeHead(receiver.status).end();
    });
    const receiver = new Receiver(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/hook`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}
