// @vitest-environment node
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { setActual, withUsageLimit } from '../src/next.ts';
import { FakeServer, refusal } from './fakeServer.ts';

let meter: FakeServer;
const errors: unknown[] = [];
beforeEach(async () => {
  meter = await FakeServer.start();
  errors.length = 0;
});
afterEach(() => meter.stop());

const options = (part: object = {}) => ({
  client: createClient({ baseUrl: meter.url, retryDelayMs: 1 }),
  user: (request: Request) => request.headers.get('x-user'),
  onError: (error: unknown) => void errors.push(error),
  ...part,
});

const request = (init: RequestInit = {}) =>
  new FrameworkRequest('http://app.test/api/deploy', {
    method: 'POST',
    headers: { 'x-user': 'u-1' },
    ...init,
  });

/** As NextRequest: more than a Request. */
class FrameworkRequest extends Request {
  readonly nextUrl = new URL(this.url);
}

interface Context {
  params: Promise<{ id: string }>;
}
const context: Context = { params: Promise.resolve({ id: '7' }) };

test('of thirty at once exactly ten pass, and all of them are counted when they answer', async () => {
  const POST = withUsageLimit(
    'deployments',
    1,
    options(),
  )(async (_request: FrameworkRequest, { params }: Context) =>
    Response.json({ id: (await params).id }, { status: 201 }),
  );
  const answers = await Promise.all(Array.from({ length: 30 }, () => POST(request(), context)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(20);
  expect(await refused[0]?.json()).toEqual({ detail: refusal() });
  expect(refused[0]?.headers.get('retry-after')).toBe('3600');
  expect(await answers.find(({ status }) => status === 201)?.json()).toEqual({ id: '7' });
  expect([meter.count('committed'), meter.count('held')]).toEqual([10, 0]);
});

test('an answer that is an error, an exception and a closed connection give back what was held', async () => {
  const limited = withUsageLimit('deployments', 1, options());
  await limited(() => new Response(null, { status: 500 }))(request(), undefined);
  const broken = limited(() => {
    throw new Error('broken');
  })(request(), undefined);
  await expect(broken).rejects.toThrow('broken');
  const controller = new AbortController();
  await limited(() => {
    controller.abort();
    return new Response();
  })(request({ signal: controller.signal }), undefined);
  expect([meter.count('committed'), meter.count('released'), meter.count('held')]).toEqual([0, 3, 0]);
});

test('a redirect is thrown by Next.js and counts', async () => {
  const redirect = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/done;303;' });
  const POST = withUsageLimit(
    'deployments',
    1,
    options(),
  )(() => {
    throw redirect;
  });
  await expect(POST(request(), undefined)).rejects.toBe(redirect);
  expect(meter.count('committed')).toBe(1);
});

test('a handler says what it really used', async () => {
  const POST = withUsageLimit(
    'compute_hours',
    '4',
    options(),
  )((inside) => {
    setActual(inside, 'compute_hours', 0.25);
    return new Response();
  });
  await POST(request(), undefined);
  expect(meter.used).toBe(0.25);
});

test('the answer need not wait where the platform waits for it', async () => {
  const works: Promise<void>[] = [];
  const POST = withUsageLimit(
    'deployments',
    1,
    options({ waitUntil: (work: Promise<void>) => void works.push(work) }),
  )(() => new Response());
  await POST(request(), undefined);
  expect(works).toHaveLength(1);
  await works[0];
  expect(meter.count('committed')).toBe(1);
});

test('closed or open where nothing can be decided', async () => {
  await meter.stop();
  const run = (part: object) =>
    withUsageLimit('deployments', 1, options(part))(() => new Response('ran'))(request(), undefined);
  const closed = await run({});
  expect(closed.status).toBe(503);
  expect(await closed.json()).toMatchObject({ detail: { error: 'Service not available' } });
  expect(await (await run({ onUnavailable: 'fail_open' })).text()).toBe('ran');
  expect(errors).toHaveLength(2);
});

test('a request of nobody is a mistake of the code', async () => {
  const POST = withUsageLimit('deployments', 1, options({ user: () => null }))(() => new Response());
  await expect(POST(request(), undefined)).rejects.toThrow('sign the request in');
  expect(meter.asked).toEqual([]);
});
