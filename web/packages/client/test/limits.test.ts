// @vitest-environment node
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, LimitExceededError, MeterwireError } from '../src/index.ts';
import { FakeServer, refusal } from './fakeServer.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const clientOf = (part: object = {}) => createClient({ baseUrl: server.url, retryDelayMs: 1, ...part });

function clientAnswering(answer: (request: Request, body: unknown) => Response) {
  const seen: { method: string; url: URL; body: unknown }[] = [];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    retryDelayMs: 1,
    fetch: async (request) => {
      const text = await request.text();
      const body = text ? (JSON.parse(text) as unknown) : undefined;
      seen.push({ method: request.method, url: new URL(request.url), body });
      return answer(request, body);
    },
  });
  return { client, seen };
}

const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (reason: unknown) => reason,
  );

test('a refusal is an error with the exact detail, and its headers', async () => {
  server.limit = 0;
  const error = await thrownBy(clientOf().reserve({ metric: 'deployments', user: 'u-1' }));
  if (!(error instanceof LimitExceededError)) throw error;
  expect(error).toBeInstanceOf(MeterwireError);
  expect(error.detail).toEqual(refusal(0, 0));
  expect(error).toMatchObject({ status: 429, code: 'limit_exceeded', retryable: false });
  expect(error.message).toBe('Daily deployments limit exceeded');
  expect(error.retryAfterSeconds).toBe(3600);
  expect(error.headers['RateLimit']).toBe('"deployments";r=0;t=3600');
  expect(server.asked).toHaveLength(1);
});

test('an answer that is lost is asked for again with the same key, and counts once', async () => {
  server.faults = ['drop-after', 503];
  await clientOf().reserve({ metric: 'deployments', amount: 2, user: 'u-1' });
  const keys = server.asked.map(({ body }) => body.idempotency_key);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(String(keys[0])).toMatch(/^[0-9a-f]{32}$/);
  expect(server.count('held')).toBe(1);
});

test('two calls have two keys, and a given key is kept', async () => {
  const client = clientOf();
  await client.reserve({ metric: 'deployments' });
  await client.reserve({ metric: 'deployments' });
  await client.reserve({ metric: 'deployments', idempotency_key: 'mine' });
  const keys = server.asked.map(({ body }) => body.idempotency_key);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe('mine');
});

test('after the last try the error is told', async () => {
  server.faults = [503, 503, 503, 503];
  const error = await thrownBy(clientOf().consume({ metric: 'deployments' }));
  expect(error).toMatchObject({ status: 503, code: 'unavailable' });
  expect(server.asked).toHaveLength(3);
  server.faults = ['drop-before'];
  expect(await thrownBy(clientOf({ retries: 0 }).status())).toMatchObject({ code: 'unreachable' });
});

test('what no try mends is not tried again', async () => {
  const error = await thrownBy(clientOf().reserve({ metric: 'nonsense' }));
  expect(error).toMatchObject({ status: 422, field: 'metric' });
  expect(server.asked).toHaveLength(1);
});

test('an abort ends the waiting between two tries', async () => {
  server.faults = [503, 503];
  const controller = new AbortController();
  const pending = clientOf({ retryDelayMs: 60_000 }).consume(
    { metric: 'deployments' },
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 30);
  expect(await thrownBy(pending)).toMatchObject({ name: 'AbortError' });
});

test('decisions are sent as the server reads them', async () => {
  const { client, seen } = clientAnswering(() => Response.json({ allowed: true, results: [] }));
  await client.status('u 1');
  await client.checkLimit({ metric: 'api_calls', amount: '0.000001', user: 'u-1' });
  await client.increment({ metric: 'api_calls', amount: 3, idempotency_key: 'k' });
  await client.consume({ metrics: { api_calls: 10, tokens: 512 }, user: 'u-1', idempotency_key: 'k2' });
  await client.consume([{ metric: 'api_calls' }, { metrics: { tokens: 1 } }], { tenant: 'acme' });
  expect(seen.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
    'GET /api/usage/status?user=u+1',
    'POST /api/usage/check-limit',
    'POST /api/usage/increment',
    'POST /api/usage/consume',
    'POST /api/usage/consume?tenant=acme',
  ]);
  expect(seen[1]?.body).toEqual({ metric: 'api_calls', amount: '0.000001', user: 'u-1' });
  expect(seen[2]?.body).toEqual({ metric: 'api_calls', amount: 3, idempotency_key: 'k' });
  expect(seen[3]?.body).toEqual({
    metrics: { api_calls: 10, tokens: 512 },
    user: 'u-1',
    idempotency_key: 'k2',
  });
  const items = seen[4]?.body as { idempotency_key: string }[];
  expect(items).toHaveLength(2);
  expect(items[0]?.idempotency_key).not.toBe(items[1]?.idempotency_key);
});

test('an array throws nothing for the ones that were refused', async () => {
  const answer = {
    received: 2,
    allowed: 1,
    refused: 1,
    invalid: 0,
    results: [{ allowed: true }, { allowed: false, status: 429, detail: refusal() }],
  };
  const { client } = clientAnswering(() => Response.json(answer));
  expect(await client.consume([{ metric: 'deployments' }, { metric: 'deployments' }])).toEqual(answer);
});

test('an event that settles a hold has one id for all tries', async () => {
  let tries = 0;
  const { client, seen } = clientAnswering(() => {
    tries += 1;
    return tries < 3 ? new Response(null, { status: 503 }) : Response.json({ status: 'committed' });
  });
  await client.commit('r/1', { event: { model: 'm' } });
  expect(seen[0]?.url.pathname).toBe('/api/usage/reservations/r%2F1/commit');
  const ids = seen.map(({ body }) => (body as { event: { id: string } }).event.id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  await client.commit('r', { event: { id: 'own' } });
  expect(seen.at(-1)?.body).toEqual({ event: { id: 'own' } });
  await client.commit('r');
  expect(seen.at(-1)?.body).toEqual({});
});

test('administration is sent as the server reads it', async () => {
  const { client, seen } = clientAnswering((request) =>
    request.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json({ items: [] }),
  );
  await client.admin.manualReset({ user: 'u-1', metric: 'storage' });
  await client.admin.topUsers({ metric: 'api_calls', date: '2026-11-22', limit: 5 }, { tenant: 'acme' });
  await client.admin.nearLimits(0.8, { limit: 20 });
  await client.admin.history(7);
  await client.admin.setUsageLimits([{ tier: 'free', max_storage: null }]);
  await client.admin.setTier('u-1', 'pro');
  await client.metrics.create({ name: 'builds', window: 'week' });
  await client.metrics.remove('builds');
  await client.tiers.change('free', { deployments: '2.5' });
  await client.users.setLimits('u-1', { deployments: null });
  await client.tenantLimits.replace({ api_calls: 5 }, { tenant: 'acme' });
  expect(
    seen.map(({ method, url, body }) => [`${method} ${url.pathname}${url.search}`, body ?? null]),
  ).toEqual([
    ['POST /api/usage/admin/manual-reset', { user: 'u-1', metric: 'storage' }],
    ['GET /api/usage/admin/top-users?metric=api_calls&date=2026-11-22&limit=5&tenant=acme', null],
    ['GET /api/usage/admin/near-limits?threshold=0.8&limit=20', null],
    ['GET /api/usage/admin/history?days=7', null],
    ['PUT /api/usage/admin/usage-limits', { items: [{ tier: 'free', max_storage: null }] }],
    ['PATCH /api/usage/admin/users/u-1', { tier: 'pro' }],
    ['POST /api/v1/metrics', { name: 'builds', window: 'week' }],
    ['DELETE /api/v1/metrics/builds', null],
    ['PATCH /api/v1/tiers/free', { limits: { deployments: '2.5' } }],
    ['PUT /api/v1/users/u-1/limits', { limits: { deployments: null } }],
    ['PUT /api/v1/tenant-limits?tenant=acme', { limits: { api_calls: 5 } }],
  ]);
});
