import createFetchClient from 'openapi-fetch';
import { errorFromAnswer, errorFromThrown } from './error.ts';
import { serializeQuery } from './query.ts';
import type { paths } from './schema.ts';
import type { LogQuestion, Me, UsageAnswer, UsageLogPage, UsageQuestion } from './types.ts';

export interface ClientOptions {
  /** Where the server is. Empty means the address that served the page. */
  baseUrl?: string | undefined;
  /** An API key or a JWT. Without one the session cookie of the page is used. */
  token?: string | undefined;
  /** After this many milliseconds a request fails with the code `timeout`. */
  timeoutMs?: number | undefined;
  /** For tests and for other runtimes. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export interface MeterwireClient {
  me(signal?: AbortSignal): Promise<Me>;
  /** Exchanges a key for the session cookie of the page. */
  signIn(token: string): Promise<Me>;
  signOut(): Promise<void>;
  usage(question: UsageQuestion, signal?: AbortSignal): Promise<UsageAnswer>;
  log(question: LogQuestion, signal?: AbortSignal): Promise<UsageLogPage>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

type QueryOf<Path extends '/api/v1/usage/query' | '/api/usage/log'> = NonNullable<
  paths[Path]['get']['parameters']['query']
>;

export function createClient(options: ClientOptions = {}): MeterwireClient {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const http = createFetchClient<paths>({
    baseUrl: options.baseUrl ?? '',
    credentials: 'same-origin',
    querySerializer: serializeQuery,
    ...(options.token ? { headers: { Authorization: `Bearer ${options.token}` } } : {}),
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  const within = (signal?: AbortSignal) => {
    const limit = AbortSignal.timeout(timeoutMs);
    return signal ? AbortSignal.any([signal, limit]) : limit;
  };

  return {
    me: (signal) => answer(http.GET('/api/v1/me', { signal: within(signal) })),
    signIn: (token) => answer(http.POST('/api/v1/session', { body: { token }, signal: within() })),
    signOut: async () => {
      await answer(http.DELETE('/api/v1/session', { signal: within() }));
    },
    usage: (question, signal) =>
      answer(
        http.GET('/api/v1/usage/query', {
          params: { query: question as unknown as QueryOf<'/api/v1/usage/query'> },
          signal: within(signal),
        }),
      ) as Promise<UsageAnswer>,
    log: (question, signal) =>
      answer(
        http.GET('/api/usage/log', {
          params: { query: question as unknown as QueryOf<'/api/usage/log'> },
          signal: within(signal),
        }),
      ),
  };
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

async function answer<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  let reply: Answer<Data>;
  try {
    reply = await request;
  } catch (thrown) {
    throw errorFromThrown(thrown);
  }
  const { response } = reply;
  if (!response.ok) {
    throw errorFromAnswer(response.status, reply.error, response.headers.get('x-request-id'));
  }
  return reply.data as Data;
}
