import { expect, test } from 'vitest';
import { createClient, MeterwireError } from '../src/index.ts';
import { serializeQuery } from '../src/query.ts';

function clientAnswering(answer: (request: Request) => Response | Promise<Response>, token?: string) {
  const seen: Request[] = [];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token,
    fetch: async (request) => {
      seen.push(request);
      return answer(request);
    },
  });
  return { client, seen };
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

async function failure(promise: Promise<unknown>): Promise<MeterwireError> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(MeterwireError);
  return thrown as MeterwireError;
}

test('a question is written with commas, repeated filters and nothing for what is absent', async () => {
  const { client, seen } = clientAnswering(() => json(200, { total: {} }), 'mw_secret');
  await client.usage({
    range: '7d',
    group_by: ['provider', 'model'],
    metrics: ['calls', 'cost'],
    filter: { model: ['x', 'y'], project: [''] },
    top: 5,
  });
  const url = new URL(seen[0]?.url ?? '');
  expect(url.pathname).toBe('/api/v1/usage/query');
  expect([...url.searchParams]).toEqual([
    ['range', '7d'],
    ['group_by', 'provider,model'],
    ['metrics', 'calls,cost'],
    ['filter[model]', 'x'],
    ['filter[model]', 'y'],
    ['filter[project]', ''],
    ['top', '5'],
  ]);
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer mw_secret');
});

test('without a token no header is sent: the cookie speaks', async () => {
  const { client, seen } = clientAnswering(() => json(200, {}));
  await client.me();
  expect(seen[0]?.headers.has('authorization')).toBe(false);
  expect(seen[0]?.credentials).toBe('same-origin');
});

test('the documented error body becomes code, title, message and field', async () => {
  const { client } = clientAnswering(() =>
    json(422, {
      detail: { error: 'Invalid value', code: 'invalid_value', message: 'unknown range', field: 'range' },
    }),
  );
  const error = await failure(client.usage({ range: 'x' }));
  expect({ ...error, message: error.message, retryable: error.retryable }).toMatchObject({
    status: 422,
    code: 'invalid_value',
    title: 'Invalid value',
    message: 'unknown range',
    field: 'range',
    retryable: false,
  });
});

test('an error without the documented body still says its status', async () => {
  const { client } = clientAnswering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  const error = await failure(client.me());
  expect(error.code).toBe('unreadable');
  expect(error.message).toContain('502');
  expect(error.retryable).toBe(true);
});

test('a page instead of JSON is called unreadable', async () => {
  const { client } = clientAnswering(() => new Response('<!doctype html>', { status: 200 }));
  expect((await failure(client.me())).code).toBe('unreadable');
});

test('a refused connection is called unreachable', async () => {
  const { client } = clientAnswering(() => Promise.reject(new TypeError('fetch failed')));
  const error = await failure(client.me());
  expect(error.code).toBe('unreachable');
  expect(error.retryable).toBe(true);
});

test('a silent server ends in a timeout, and an abort by the caller stays an abort', async () => {
  const hang = (request: Request) =>
    new Promise<Response>((_, reject) =>
      request.signal.addEventListener('abort', () => reject(request.signal.reason)),
    );
  const client = createClient({ baseUrl: 'http://meterwire.test', timeoutMs: 20, fetch: hang });
  expect((await failure(client.me())).code).toBe('timeout');

  const controller = new AbortController();
  const patient = createClient({ baseUrl: 'http://meterwire.test', fetch: hang });
  const pending = patient.me(controller.signal);
  controller.abort();
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
});

test('signing out ends in nothing, not in an error about an empty body', async () => {
  const { client, seen } = clientAnswering(() => new Response(null, { status: 204 }));
  await expect(client.signOut()).resolves.toBeUndefined();
  expect(seen[0]?.method).toBe('DELETE');
});

test('an empty list is left out rather than sent empty', () => {
  expect(serializeQuery({ metrics: [], range: '7d' })).toBe('range=7d');
});

test('a function is asked for a token at first, and again when the server no longer takes it', async () => {
  let made = 0;
  let accepted = 'Bearer mwe_1';
  const seen: (string | null)[] = [];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token: async () => `mwe_${(made += 1)}`,
    fetch: async (request) => {
      const sent = request.headers.get('authorization');
      seen.push(sent);
      return sent === accepted ? json(200, {}) : json(401, { detail: { message: 'over' } });
    },
  });
  await Promise.all([client.me(), client.liveSummary()]);
  expect([made, seen]).toEqual([1, ['Bearer mwe_1', 'Bearer mwe_1']]);
  accepted = 'Bearer mwe_2';
  await Promise.all([client.me(), client.liveSummary(), client.embedToken({ user: 'u-1' })]);
  expect(made).toBe(2);
  accepted = 'nobody';
  expect((await failure(client.me())).status).toBe(401);
  expect(made).toBe(3);
});

test('a token that could not be fetched is asked for again with the next request', async () => {
  let broken = true;
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token: async () => {
      if (broken) throw new Error('signed out');
      return 'mwe_1';
    },
    fetch: async () => json(200, { role: 'viewer' }),
  });
  const refused = await failure(client.me());
  expect([refused.code, refused.message]).toEqual(['no_token', 'signed out']);
  broken = false;
  expect((await client.me()).role).toBe('viewer');
});
