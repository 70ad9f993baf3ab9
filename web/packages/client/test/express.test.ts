// @vitest-environment node
import { once } from 'node:events';
import { get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request } from 'express';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requireUsageLimit, setActual } from '../src/express.ts';
import { createClient } from '../src/index.ts';
import { FakeServer, OVER_BUDGET, RATE_HEADERS, refusal } from './fakeServer.ts';

let meter: FakeServer;
let app: Express;
let http: Server | undefined;
const errors: unknown[] = [];

beforeEach(async () => {
  meter = await FakeServer.start();
  app = express();
  errors.length = 0;
});

afterEach(async () => {
  http?.closeAllConnections();
  http?.close();
  http = undefined;
  await meter.stop();
});

const options = (part: object = {}) => ({
  client: createClient({ baseUrl: meter.url, retryDelayMs: 1 }),
  user: (req: Request) => req.header('x-user'),
  onError: (error: unknown) => void errors.push(error),
  ...part,
});

async function listen(): Promise<string> {
  const listening = app.listen(0, '127.0.0.1');
  http = listening;
  await once(listening, 'listening');
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const post = (url: string) => fetch(url, { method: 'POST', headers: { 'x-user': 'u-1' } });
const settled = (committed: number, released: number) =>
  vi.waitFor(() => {
    expect(meter.count('held')).toBe(0);
    expect([meter.count('committed'), meter.count('released')]).toEqual([committed, released]);
  });

test('of thirty at once exactly ten pass, and the others get the body as the server wrote it', async () => {
  let ran = 0;
  app.post('/deploy', requireUsageLimit('deployments', 1, options()), (_req, res) => {
    ran += 1;
    res.status(201).json({ ok: true });
  });
  const url = await listen();
  const answers = await Promise.all(Array.from({ length: 30 }, () => post(`${url}/deploy`)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  expect(refused).toHaveLength(20);
  expect(ran).toBe(10);
  expect(await refused[0]?.json()).toEqual({ detail: refusal() });
  for (const [name, value] of Object.entries(RATE_HEADERS)) {
    expect(refused[0]?.headers.get(name)).toBe(value);
  }
  await settled(10, 0);
  expect(meter.asked.filter(({ body }) => body.user === 'u-1').length).toBe(30);
});

test('an answer that is an error gives back what was held, and so does a handler that throws', async () => {
  app.post('/refuses', requireUsageLimit('deployments', 1, options()), (_req, res) => {
    res.status(400).end();
  });
  app.post('/breaks', requireUsageLimit('deployments', 1, options()), async () => {
    throw Object.assign(new Error('broken'), { status: 418 });
  });
  const url = await listen();
  expect((await post(`${url}/refuses`)).status).toBe(400);
  expect((await post(`${url}/breaks`)).status).toBe(418);
  await settled(0, 2);
  expect(meter.used).toBe(0);
});

test('a connection that closes early gives back what was held', async () => {
  app.get('/slow', requireUsageLimit('deployments', 1, options({ user: undefined })), (_req, res) => {
    res.write('a first part');
  });
  const url = await listen();
  const request = get(`${url}/slow`);
  const [response] = (await once(request, 'response')) as [{ destroy(): void }];
  expect(meter.count('held')).toBe(1);
  response.destroy();
  await settled(0, 1);
});

test('a handler says what it really used', async () => {
  app.post('/compute', requireUsageLimit('compute_hours', 4, options()), (_req, res) => {
    setActual(res, 'compute_hours', 2.5);
    setActual(res, 'storage', 99);
    res.end();
  });
  const url = await listen();
  await post(`${url}/compute`);
  await settled(1, 0);
  expect(meter.used).toBe(2.5);
});

test('two limits on one route are both held, and the first is given back where the second refuses', async () => {
  meter.limit = 3;
  app.post('/both', requireUsageLimit('api_calls', 1, options()), requireUsageLimit('tokens', 3, options()));
  const url = await listen();
  expect((await post(`${url}/both`)).status).toBe(429);
  await settled(0, 1);
});

test('the amount can come from the request', async () => {
  app.post(
    '/n/:n',
    requireUsageLimit('api_calls', (req: Request) => String(req.params.n), options()),
    (_req, res) => {
      res.end();
    },
  );
  const url = await listen();
  expect((await post(`${url}/n/7`)).status).toBe(200);
  expect((await post(`${url}/n/4`)).status).toBe(429);
});

test('closed where nothing can be decided: 503 in words, and the handler does not run', async () => {
  await meter.stop();
  app.post('/deploy', requireUsageLimit('deployments', 1, options()), () => {
    throw new Error('this must not run');
  });
  const url = await listen();
  const answer = await post(`${url}/deploy`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    detail: { error: 'Service not available', code: 'unavailable' },
  });
  expect(errors).toMatchObject([{ code: 'unreachable' }]);
});

test('open where it was chosen so: the handler runs', async () => {
  await meter.stop();
  app.post(
    '/deploy',
    requireUsageLimit('deployments', 1, options({ onUnavailable: 'fail_open' })),
    (_req, res) => {
      res.end('ran');
    },
  );
  const url = await listen();
  expect(await (await post(`${url}/deploy`)).text()).toBe('ran');
  expect(errors).toHaveLength(1);
});

test('a server that never answers is given up within the time that was set', async () => {
  const client = createClient({
    fetch: (request) =>
      new Promise((_, fail) =>
        request.signal.addEventListener('abort', () => fail(request.signal.reason as Error)),
      ),
    baseUrl: meter.url,
    retries: 5,
  });
  app.post('/deploy', requireUsageLimit('deployments', 1, options({ client, timeoutMs: 50 })));
  const url = await listen();
  const begun = Date.now();
  expect((await post(`${url}/deploy`)).status).toBe(503);
  expect(Date.now() - begun).toBeLessThan(2_000);
});

test('a mistake in the code is an error of the code, not a limit and not a pass', async () => {
  const seen: Error[] = [];
  app.post('/unknown', requireUsageLimit('nonsense', 1, options({ onUnavailable: 'fail_open' })));
  app.post('/anonymous', requireUsageLimit('deployments', 1, options({ user: () => undefined })));
  app.use((error: Error, _req: Request, res: express.Response, _next: express.NextFunction) => {
    seen.push(error);
    res.status(500).end();
  });
  const url = await listen();
  expect((await post(`${url}/unknown`)).status).toBe(500);
  expect((await post(`${url}/anonymous`)).status).toBe(500);
  expect(seen[0]?.message).toContain('there is no metric nonsense');
  expect(seen[1]?.message).toContain('sign the request in');
  expect('status' in (seen[0] ?? {})).toBe(false);
});

test('what cannot be settled is told and breaks nothing', async () => {
  app.post('/deploy', requireUsageLimit('deployments', 1, options()), (_req, res) => {
    meter.faults = [503, 503, 503];
    res.end();
  });
  const url = await listen();
  expect((await post(`${url}/deploy`)).status).toBe(200);
  await vi.waitFor(() => expect(errors).toMatchObject([{ status: 503 }]));
});

test('a hard budget that refuses is a refusal, never a reason to let the request pass', async () => {
  let ran = 0;
  app.post(
    '/costly',
    requireUsageLimit('costly', 1, options({ onUnavailable: 'fail_open' })),
    (_req, res) => {
      ran += 1;
      res.json({});
    },
  );
  const answer = await post(`${await listen()}/costly`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7200']);
  expect(await answer.json()).toEqual({ detail: OVER_BUDGET });
  expect([ran, errors]).toEqual([0, []]);
});
