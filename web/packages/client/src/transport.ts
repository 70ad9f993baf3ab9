import createFetchClient, { type Client } from 'openapi-fetch';
import { errorFromAnswer, errorFromThrown, MeterwireError } from './error.ts';
import { serializeQuery } from './query.ts';
import type { paths } from './schema.ts';

export interface ClientOptions {
  /** Where the server is. Empty means the address that served the page. */
  baseUrl?: string | undefined;
  /**
   * An API key, an embed token or a JWT, or a function that fetches one: it is asked at first and again when the server
   * no longer takes what it gave. Without one the session cookie of the page is used.
   */
  token?: string | (() => Promise<string>) | undefined;
  /** After this many milliseconds a request fails with the code `timeout`. */
  timeoutMs?: number | undefined;
  /** How often a decision is tried again after no answer or a 502, 503 or 504. Twice where it is absent. */
  retries?: number | undefined;
  /** The pause before the first of these, in milliseconds; it doubles with each and is spread by chance. */
  retryDelayMs?: number | undefined;
  /** For tests and for other runtimes. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export interface Sending {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Only for what may safely be sent twice. */
  retry?: boolean;
}

/** Only what the server's own document names. */
export type Path = keyof paths;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** How requests reach the server: one place for address, token, time limit, retries and errors. */
export interface Transport {
  http: Client<paths>;
  within(signal?: AbortSignal): AbortSignal;
  send<Data>(method: Method, path: Path, sending?: Sending): Promise<Data>;
  /** A file to keep, whatever its form. */
  file(path: Path, sending?: Sending): Promise<Blob>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;

type Untyped = (method: Method, path: string, init: object) => Promise<Answer<unknown>>;

export function createTransport(options: ClientOptions): Transport {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const http = createFetchClient<paths>({
    baseUrl: options.baseUrl ?? '',
    credentials: 'same-origin',
    querySerializer: serializeQuery,
    ...authorization(options),
  });
  const request = http.request as unknown as Untyped;
  const within = (signal?: AbortSignal) => {
    const limit = AbortSignal.timeout(timeoutMs);
    return signal ? AbortSignal.any([signal, limit]) : limit;
  };
  const once = (
    method: Method,
    path: string,
    { path: inPath, query, body, signal }: Sending,
    parseAs: 'json' | 'blob' = 'json',
  ) =>
    answer(
      request(method, path, {
        params: { ...(inPath ? { path: inPath } : {}), ...(query ? { query } : {}) },
        ...(body === undefined ? {} : { body }),
        signal: within(signal),
        parseAs,
      }),
    );
  return {
    http,
    within,
    send: <Data>(method: Method, path: Path, sending: Sending = {}) =>
      again(
        () => once(method, path, sending) as Promise<Data>,
        sending.retry ? (options.retries ?? DEFAULT_RETRIES) : 0,
        options.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
        sending.signal,
      ),
    file: (path, sending = {}) => once('get', path, sending, 'blob') as Promise<Blob>,
  };
}

/** How requests carry the token. */
function authorization({ token, fetch }: ClientOptions): {
  headers?: Record<string, string>;
  fetch?: (request: Request) => Promise<Response>;
} {
  if (typeof token === 'function') return { fetch: withFreshToken(token, fetch) };
  return {
    ...(token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    ...(fetch ? { fetch } : {}),
  };
}

/** Many requests share one token; whoever finds it refused first has a new one fetched for all. */
function withFreshToken(
  fetchToken: () => Promise<string>,
  send: (request: Request) => Promise<Response> = (request) => globalThis.fetch(request),
): (request: Request) => Promise<Response> {
  let held: Promise<string> | undefined;
  const hold = () => {
    const asked = fetchToken().catch((thrown: unknown) => Promise.reject(noToken(thrown)));
    held = asked;
    // What failed is not kept.
    asked.catch(() => {
      if (held === asked) held = undefined;
    });
    return asked;
  };
  const sendWith = (request: Request, token: string) => {
    request.headers.set('Authorization', `Bearer ${token}`);
    return send(request);
  };
  return async (request) => {
    const spare = request.clone();
    const used = held ?? hold();
    const response = await sendWith(request, await used);
    if (response.status !== 401) return response;
    return sendWith(spare, await (held !== undefined && held !== used ? held : hold()));
  };
}

function noToken(thrown: unknown): MeterwireError {
  return new MeterwireError({
    status: 401,
    code: 'no_token',
    title: 'No access',
    message: thrown instanceof Error ? thrown.message : 'A token could not be had.',
    cause: thrown,
  });
}

/** Tries until it succeeds, fails for good, or has been tried often enough. */
async function again<Data>(
  attempt: () => Promise<Data>,
  retries: number,
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<Data> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= retries || signal?.aborted || !mayPass(error)) throw error;
    }
    await pause(withJitter(Math.min(MAX_RETRY_DELAY_MS, delayMs * 2 ** tried)), signal);
  }
}

const PASSING = new Set([502, 503, 504]);

/** No answer at all, or one that says "not now". */
function mayPass(error: unknown): boolean {
  if (!(error instanceof MeterwireError)) return false;
  return PASSING.has(error.status) || error.code === 'unreachable' || error.code === 'timeout';
}

/** Between half and all of it, so that those who failed together do not come back together. */
function withJitter(delayMs: number): number {
  return delayMs * (0.5 + Math.random() / 2);
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      fail(errorFromThrown(signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      done();
    }, delayMs);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

export async function answer<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  let reply: Answer<Data>;
  try {
    reply = await request;
  } catch (thrown) {
    throw errorFromThrown(thrown);
  }
  if (!reply.response.ok) throw errorFromAnswer(reply.response, reply.error);
  return reply.data as Data;
}
