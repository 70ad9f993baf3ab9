import { expect, test } from 'vitest';
import { createClient, MeterwireError } from '../src/index.ts';

interface Seen {
  method: string;
  url: string;
  body: unknown;
}

function recording(answer: () => Response = () => json({})) {
  const seen: Seen[] = [];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token: 'mw_secret',
    fetch: async (request) => {
      const text = await request.text();
      const isJson = request.headers.get('content-type') === 'application/json';
      seen.push({
        method: request.method,
        url: request.url.replace('http://meterwire.test', ''),
        body: text && isJson ? JSON.parse(text) : text || undefined,
      });
      return answer();
    },
  });
  return { client, seen };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
      controller.close();
    },
  });
}

test('keys, users, projects, prices and reports are asked for and changed where the API has them', async () => {
  const { client, seen } = recording();
  await client.keys.create({ name: 'prod', role: 'owner' }, { tenant: 'acme' });
  await client.keys.rotate('k/1');
  await client.keys.revoke('k');
  await client.users.erase('u 1');
  await client.projects.change('p', { department: null });
  await client.prices.replace('x', { provider: 'p', model: 'm', input: '1', output: '2' });
  await client.prices.book({ model: 'gpt' });
  await client.reports.send('r');
  await client.reports.deliveries('r', { limit: 5 });
  await client.dimensions.create({ name: 'feature' });
  await client.tenants.change('acme', { retention_days: null });
  await client.audit({ limit: 50, cursor: 'c' });
  expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/api/v1/keys?tenant=acme', { name: 'prod', role: 'owner' }],
    ['POST', '/api/v1/keys/k%2F1/rotate', undefined],
    ['DELETE', '/api/v1/keys/k', undefined],
    ['POST', '/api/v1/users/u%201/erase', { user: 'u 1' }],
    ['PATCH', '/api/v1/projects/p', { department: null }],
    ['PUT', '/api/v1/prices/x', { provider: 'p', model: 'm', input: '1', output: '2' }],
    ['GET', '/api/v1/prices/book?model=gpt', undefined],
    ['POST', '/api/v1/reports/r/send', undefined],
    ['GET', '/api/v1/reports/r/deliveries?limit=5', undefined],
    ['POST', '/api/v1/dimensions', { name: 'feature' }],
    ['PATCH', '/api/v1/tenants/acme', { retention_days: null }],
    ['GET', '/api/v1/audit?limit=50&cursor=c', undefined],
  ]);
});

test('live totals are read out of messages that come in any pieces', async () => {
  const { client, seen } = recording(
    () =>
      new Response(
        pieces(
          ': hello\n\nevent: totals\nid: 1\nda',
          'ta: {"calls":1}\n',
          '\nevent: totals\r\ndata: {"calls":',
          '2}\r\n\r\n',
        ),
      ),
  );
  const heard: unknown[] = [];
  await client.live((totals) => heard.push(totals), { tenant: 'acme', signal: new AbortController().signal });
  expect(heard).toEqual([{ calls: 1 }, { calls: 2 }]);
  expect(seen[0]?.url).toBe('/api/v1/usage/stream?tenant=acme');
});

test('a stream that is refused is an error with the server’s words', async () => {
  const { client } = recording(() =>
    json({ detail: { code: 'forbidden', error: 'No', message: 'Not you.' } }, 403),
  );
  const heard = client.live(() => {}, { signal: new AbortController().signal });
  await expect(heard).rejects.toMatchObject({ status: 403, message: 'Not you.' });
});

test('lines are recorded as they stand, and a batch that is refused whole still tells its verdict', async () => {
  const verdict = { received: 1, stored: 0, duplicate: 0, conflict: 0, rejected: 1, results: [] };
  const { client, seen } = recording(() => json(verdict, 422));
  expect(await client.recordLines('{"id":"a"}\n{"id":"b"}')).toEqual(verdict);
  expect(seen[0]).toEqual({ method: 'POST', url: '/api/v1/events', body: '{"id":"a"}\n{"id":"b"}' });
  const refused = recording(() =>
    json({ detail: { code: 'too_large', error: 'No', message: 'Too large.' } }, 413),
  );
  await expect(refused.client.recordLines('x')).rejects.toMatchObject({ code: 'too_large' });
});

test('a download tells how far it is, and keeps the name that the server gives', async () => {
  const { client } = recording(
    () =>
      new Response(pieces('a,b\n', '1,2\n'), {
        headers: { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename="acme.csv"' },
      }),
  );
  const bytes: number[] = [];
  const kept = await client.download(
    { format: 'csv' },
    { onPiece: (piece) => bytes.push(piece.byteLength), signal: new AbortController().signal },
  );
  expect(await kept.blob?.text()).toBe('a,b\n1,2\n');
  expect(kept).toMatchObject({ name: 'acme.csv', bytes: 8 });
  expect(bytes).toEqual([4, 4]);
});

/** A disk that keeps what is written, in the order in which that happens. */
function disk(fails = false) {
  const log: string[] = [];
  const sink = {
    write: async (piece: Uint8Array) => {
      await Promise.resolve();
      if (fails) throw new Error('The disk is full.');
      log.push(new TextDecoder().decode(piece));
    },
    close: async () => void log.push('closed'),
    abort: async () => void log.push('given up'),
  };
  return { log, sink };
}

test('a download to the disk is written piece by piece and closed at its end', async () => {
  const { client } = recording(() => new Response(pieces('a,b\n', '1,2\n')));
  const { log, sink } = disk();
  const kept = await client.download({}, { to: sink, signal: new AbortController().signal });
  expect(log).toEqual(['a,b\n', '1,2\n', 'closed']);
  expect(kept).toMatchObject({ blob: null, bytes: 8 });
});

test('what is refused, breaks off or cannot be written leaves no file', async () => {
  const { signal } = new AbortController();
  const refusal = { detail: { code: 'busy', error: 'Busy', message: 'Four are running.' } };
  const refused = disk();
  const busy = recording(() => json(refusal, 503)).client.download({}, { to: refused.sink, signal });
  await expect(busy).rejects.toMatchObject({ code: 'busy' });
  expect(refused.log).toEqual(['given up']);
  const full = disk(true);
  const written = recording(() => new Response(pieces('a,b\n'))).client.download(
    {},
    { to: full.sink, signal },
  );
  await expect(written).rejects.toMatchObject({
    code: 'not_written',
    message: 'The file could not be written: The disk is full.',
  });
  expect(full.log).toEqual(['given up']);
});

test('a download that breaks off is an error, never a short file', async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new TypeError('terminated'));
    },
  });
  const { client } = recording(() => new Response(broken));
  const kept = client.download({}, { signal: new AbortController().signal });
  await expect(kept).rejects.toBeInstanceOf(MeterwireError);
});
