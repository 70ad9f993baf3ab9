import type { LiveTotals } from '@meterwire/client';
import { sampleFetch } from '../../sample/client.ts';
import { type Answer, notFound, Refusal } from '../answer.ts';
import { moneyAnswers } from '../moneyFixtures.ts';
import { settingsAnswers } from '../settingsFixtures.ts';
import { reshape, type WorldState } from './reshape.ts';

/** A server that has everything: usage that ends now, and the fixtures of the tests. */
const usual: Answer = async (url, request) => {
  // The models without a price are in the fixtures only.
  const isOfPrices = url.searchParams.get('group_by') === 'provider,model';
  if (!isOfPrices && request.method === 'GET') {
    const response = await sampleFetch(request.clone());
    if (response.ok) return url.pathname === '/api/v1/export' ? response : response.json();
  }
  for (const answer of [moneyAnswers, settingsAnswers]) {
    const body = isOfPrices && answer === moneyAnswers ? new Refusal(404, {}) : await answer(url, request);
    if (!(body instanceof Refusal)) return body;
  }
  return notFound(url.pathname);
};

/** How many rows the server tells at most of what it does not answer page by page. */
const AT_MOST: readonly (readonly [path: RegExp, rows: number])[] = [
  [/^\/api\/v1\/metrics$/, 64],
  [/^\/api\/v1\/(tiers|channels)$/, 100],
  [/^\/api\/v1\/dimensions$/, 8],
  [/^\/api\/v1\/closings$/, 240],
  [/\/adjustment$/, 2_000],
  [/^\/api\/v1\/departments\//, 200],
  [/^\/api\/usage\/(dashboard|cost-intelligence|current-month|today|model-comparison)/, 100],
];

/** How many rows were asked for, or are told at most. */
function limitOf({ pathname, searchParams }: URL): number | null {
  const [asked] = ['limit', 'top', 'page_size', 'days'].flatMap((name) => searchParams.get(name) ?? []);
  const atMost = AT_MOST.find(([path]) => path.test(pathname))?.[1];
  return asked === undefined ? (atMost ?? null) : Number(asked);
}

/** The same server in another state of the world. `isGone` says whether it went away since it was first asked. */
export function answersIn(state: WorldState, isGone: () => boolean): Answer {
  return async (url, request) => {
    if (url.pathname === '/api/v1/usage/stream') return state === 'live' ? stream(request) : notFound('');
    if (state === 'loading') return new Promise(() => {});
    if (state === 'refused') {
      return new Refusal(401, {
        error: 'Unauthorized',
        code: 'unauthorized',
        message: 'This key was revoked.',
      });
    }
    if (isGone() || (state === 'failed' && url.pathname !== '/api/v1/me')) {
      return new Refusal(500, {
        error: 'Internal error',
        code: 'internal',
        message: 'The server could not read its files.',
      });
    }
    const body = await usual(url, request);
    if (body instanceof Refusal || body instanceof Response) return body;
    // Who is signed in is not a list, whatever the world is like.
    const isPerson = url.pathname === '/api/v1/me' && !/names|right/.test(state);
    return isPerson ? body : reshape(state, body, limitOf(url));
  };
}

/** Today's totals, told once; then the stream stays open. */
function stream(request: Request): Response {
  const now = new Date().toISOString();
  const totals: LiveTotals = {
    as_of: now,
    calls: 1284,
    cost_usd: '41.204',
    date: now.slice(0, 10),
    errors: 3,
    source: 'metered',
    tokens: 2_847_500,
    tz: 'UTC',
    unpriced_calls: 0,
  };
  const text = `event: totals\nid: 1\ndata: ${JSON.stringify(totals)}\n\n`;
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      request.signal.addEventListener('abort', () => controller.error(request.signal.reason));
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}
