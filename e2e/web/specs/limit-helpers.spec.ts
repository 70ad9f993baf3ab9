import { once } from 'node:events';
import { get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request as Incoming } from 'express';
import { requireUsageLimit, setActual } from '../../../web/packages/client/dist/express.js';
import { createClient } from '../../../web/packages/client/dist/index.js';
import { withUsageLimit } from '../../../web/packages/client/dist/next.js';
import { type Fresh, test } from '../support/limits.ts';
import { expect, type World } from '../support/test.ts';

// The package as it is shipped, a real Express app, and the real server: no browser.

const REFUSED = {
  detail: {
    error: 'Usage limit exceeded',
    code: 'limit_exceeded',
    message: 'Daily deployments limit exceeded',
    current: 10,
    limit: 10,
    tier: 'free',
    metric: 'deployments',
  },
};

async function serving(app: Express, use: (url: string) => Promise<void>): Promise<void> {
  // Express writes errors of handlers to the console in every other environment.
  app.set('env', 'test');
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const limited = ({ backend }: Fresh) => ({
  client: backend,
  user: (req: Incoming) => req.header('x-user'),
});

const post = (url: string) => fetch(url, { method: 'POST', headers: { 'x-user': 'u-1' } });

/** What the server says when everything is settled. */
async function standing({ server }: World, { tenant }: Fresh, metric: string) {
  const reader = createClient({ baseUrl: server.url, token: server.adminToken });
  const read = async () => (await reader.status('u-1', { tenant })).metrics[metric];
  await expect.poll(async () => (await read())?.held).toBe(0);
  return read();
}

test('Express: of thirty at once for ten exactly ten pass', async ({ world, fresh }) => {
  const app = express();
  let ran = 0;
  app.post('/deploy', requireUsageLimit('deployments', 1, limited(fresh)), (_req, res) => {
    ran += 1;
    res.status(201).json({ ok: true });
  });
  await serving(app, async (url) => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(`${url}/deploy`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(20);
    expect(ran).toBe(10);
    for (const answer of refused) {
      expect(await answer.json()).toEqual(REFUSED);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('ratelimit-policy')).toBe('"deployments";q=10;w=86400');
      expect(answer.headers.get('ratelimit')).toMatch(/^"deployments";r=0;t=\d+$/);
    }
  });
  expect(await standing(world, fresh, 'deployments')).toMatchObject({ current: 10, remaining: 0 });
});

test('Express: errors and closed connections give back what was held', async ({ world, fresh }) => {
  const app = express();
  app.post('/refuses', requireUsageLimit('deployments', 3, limited(fresh)), (_req, res) => {
    res.status(422).end();
  });
  app.post('/breaks', requireUsageLimit('deployments', 3, limited(fresh)), () => {
    throw Object.assign(new Error('broken'), { status: 418 });
  });
  app.get(
    '/slow',
    requireUsageLimit('deployments', 3, { ...limited(fresh), user: () => 'u-1' }),
    (_req, res) => {
      res.write('a first part');
    },
  );
  await serving(app, async (url) => {
    expect((await post(`${url}/refuses`)).status).toBe(422);
    expect((await post(`${url}/breaks`)).status).toBe(418);
    const [response] = (await once(get(`${url}/slow`), 'response')) as [{ destroy(): void }];
    response.destroy();
    expect(await standing(world, fresh, 'deployments')).toMatchObject({ current: 0, remaining: 10 });
  });
});

test('Express: the actual amount is what counts', async ({ world, fresh }) => {
  const app = express();
  app.post('/compute', requireUsageLimit('compute_hours', 4, limited(fresh)), (_req, res) => {
    setActual(res, 'compute_hours', '1.125');
    res.end();
  });
  await serving(app, async (url) => {
    expect((await post(`${url}/compute`)).status).toBe(200);
  });
  expect(await standing(world, fresh, 'compute_hours')).toMatchObject({ current: 1.125, remaining: 8.875 });
});

test('Express: without the server it is closed, or open where it was chosen so', async ({
  fresh: _fresh,
}) => {
  const client = createClient({ baseUrl: 'http://127.0.0.1:9', token: 'mw_x', retryDelayMs: 1 });
  const app = express();
  const quiet = { client, onError: () => {} };
  app.post('/closed', requireUsageLimit('deployments', 1, quiet), (_req, res) => {
    res.end('ran');
  });
  app.post(
    '/open',
    requireUsageLimit('deployments', 1, { ...quiet, onUnavailable: 'fail_open' }),
    (_req, res) => {
      res.end('ran');
    },
  );
  await serving(app, async (url) => {
    const closed = await post(`${url}/closed`);
    expect(closed.status).toBe(503);
    expect(await closed.json()).toMatchObject({ detail: { error: 'Service not available' } });
    expect(await (await post(`${url}/open`)).text()).toBe('ran');
  });
});

test('Next.js: of thirty at once for ten exactly ten pass, and a failure counts nothing', async ({
  world,
  fresh,
}) => {
  const options = { client: fresh.backend, user: (request: Request) => request.headers.get('x-user') };
  const request = () =>
    new Request('http://app.test/api/deploy', { method: 'POST', headers: { 'x-user': 'u-1' } });
  const failing = withUsageLimit('deployments', 5, options)(() => new Response(null, { status: 500 }));
  expect((await failing(request(), undefined)).status).toBe(500);
  const POST = withUsageLimit('deployments', 1, options)(() => Response.json({ ok: true }));
  const answers = await Promise.all(Array.from({ length: 30 }, () => POST(request(), undefined)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(20);
  expect(await refused[0]?.json()).toEqual(REFUSED);
  expect(await standing(world, fresh, 'deployments')).toMatchObject({ current: 10, held: 0 });
});

test('the client: one metric, several, an array, and a reservation', async ({ world, fresh }) => {
  const { backend } = fresh;
  const one = await backend.consume({ metric: 'deployments', amount: 2, user: 'u-1' });
  expect(one).toMatchObject({ allowed: true, reason: null, current: 2, remaining: 8, tier: 'free' });
  const several = await backend.consume({ metrics: { api_calls: 10, compute_hours: '0.001' }, user: 'u-1' });
  expect(several.metrics['compute_hours']).toMatchObject({ current: 0.001, remaining: 9.999 });
  const many = await backend.consume([
    { metric: 'deployments', amount: 8, user: 'u-1' },
    { metric: 'deployments', user: 'u-1' },
    { metric: 'nonsense', user: 'u-1' },
  ]);
  expect(many).toMatchObject({ received: 3, allowed: 1, refused: 1, invalid: 1 });
  expect(many.results[1]).toMatchObject({ allowed: false, status: 429, ...REFUSED });
  expect(await backend.checkLimit({ metric: 'deployments', user: 'u-1' })).toMatchObject({
    allowed: false,
    reason: 'Daily deployments limit exceeded',
  });
  const over = await backend.increment({ metric: 'deployments', user: 'u-1' });
  expect(over).toMatchObject({ exceeded: true, current: 11, limit: 10 });

  const held = await backend.reserve({ metric: 'compute_hours', amount: 2, user: 'u-1' });
  expect(held).toMatchObject({ status: 'held', amount: 2, held: 2 });
  const committed = await backend.commit(held.id, { amount: 2.5 });
  expect(committed).toMatchObject({ status: 'committed', committed_amount: 2.5, over_hold: true });
  expect(await backend.reservation(held.id)).toMatchObject({ status: 'committed', committed_amount: 2.5 });
  const other = await backend.reserve({ metric: 'compute_hours', user: 'u-1' });
  expect(await backend.release(other.id)).toMatchObject({ status: 'released' });
  expect(await standing(world, fresh, 'compute_hours')).toMatchObject({ current: 2.501, held: 0 });
});

test('the client: administration', async ({ world, fresh }) => {
  const owner = createClient({ baseUrl: world.server.url, token: fresh.owner });
  await fresh.backend.consume({ metric: 'deployments', amount: 9, user: 'u-1' });
  expect((await owner.admin.nearLimits(0.8)).items).toMatchObject([{ user: 'u-1', percentage: 90 }]);
  expect((await owner.admin.topUsers({ metric: 'deployments', limit: 1 })).items).toMatchObject([
    { user: 'u-1', current: 9 },
  ]);
  expect((await owner.admin.history(2)).items).toMatchObject([
    { active_users: 1, total_deployments: 9 },
    { active_users: 0 },
  ]);
  const rows = (await owner.admin.setUsageLimits([{ tier: 'free', max_deployments_per_day: 20 }])).items;
  expect(rows.find(({ tier }) => tier === 'free')).toMatchObject({ max_deployments_per_day: 20 });
  expect(await owner.admin.setTier('u-1', 'pro')).toMatchObject({ id: 'u-1', tier: 'pro' });
  expect(await owner.users.setLimits('u-1', { deployments: null })).toEqual({
    limits: { deployments: null },
  });
  expect(await owner.status('u-1')).toMatchObject({ tier: 'pro', metrics: { deployments: { limit: null } } });
  await owner.tiers.create({ name: 'team', limits: { deployments: '2.5' } });
  expect(await owner.tiers.read('team')).toMatchObject({ limits: { deployments: 2.5, storage: null } });
  await owner.tiers.remove('team');
  await owner.metrics.create({ name: 'seats', window: 'none' });
  expect((await owner.metrics.list()).items.map(({ name }) => name)).toContain('seats');
  await owner.metrics.remove('seats');
  expect(await owner.tenantLimits.replace({ api_calls: 5 })).toEqual({ limits: { api_calls: 5 } });
  expect(await owner.admin.manualReset({ user: 'u-1' })).toMatchObject({ reset: 1 });
});
