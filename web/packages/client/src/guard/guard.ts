import type { MeterwireClient } from '../client.ts';
import { LimitExceededError, MeterwireError } from '../error.ts';
import type { Amount, Settlement } from '../limits/types.ts';

/** What a guard needs of the client. */
export type GuardClient = Pick<MeterwireClient, 'reserve' | 'commit' | 'release'>;

export interface GuardOptions {
  client: GuardClient;
  /**
   * Where no decision can be had: `fail_closed` (the default) answers 503 "Service not available", `fail_open` lets the request
   * pass uncounted.
   */
  onUnavailable?: 'fail_closed' | 'fail_open';
  /** How long a decision may take with all its tries, in milliseconds. 5,000 where it is absent. */
  timeoutMs?: number;
  /** A hold that was never settled gives itself back after so long. Longer than the slowest handler; 600 by default. */
  ttlSeconds?: number;
  /** Only an admin key names a tenant. */
  tenant?: string;
  /** Told of what could not be decided or settled. Writes to the console where it is absent. */
  onError?: (error: unknown) => void;
}

/** An answer instead of the handler's. */
export interface Refusal {
  status: 429 | 503;
  headers: Record<string, string>;
  body: { detail: Record<string, unknown> };
}

/** What was held for one request. It is settled once; whatever comes later changes nothing. */
export interface Held {
  commit(): Promise<void>;
  release(): Promise<void>;
  /** What the request really used, where that is not what was held. */
  use(amount: Amount): void;
}

export type Opening = { held: Held } | { refusal: Refusal } | { open: true };

const DEFAULT_TIMEOUT_MS = 5_000;

/** Holds an amount before the work. Throws only where the call itself is wrong, which no later try mends. */
export async function open(
  metric: string,
  amount: Amount,
  user: string | undefined,
  options: GuardOptions,
): Promise<Opening> {
  const { client, tenant, ttlSeconds } = options;
  try {
    const { id } = await client.reserve(
      { metric, amount, user, ttl_seconds: ttlSeconds },
      { tenant, signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS) },
    );
    return { held: heldBy(id, options) };
  } catch (error) {
    if (error instanceof LimitExceededError) {
      return { refusal: { status: 429, headers: error.headers, body: { detail: { ...error.detail } } } };
    }
    if (!cannotBeDecided(error)) throw misuse(metric, error);
    report(options, error);
    return options.onUnavailable === 'fail_open' ? { open: true } : { refusal: unavailable() };
  }
}

function heldBy(id: string, options: GuardOptions): Held {
  const { client, tenant } = options;
  let settled = false;
  let actual: Settlement = {};
  // A failure after the answer has left can only be told: the hold then gives itself back.
  const settle = async (how: () => Promise<unknown>) => {
    if (settled) return;
    settled = true;
    try {
      await how();
    } catch (error) {
      report(options, error);
    }
  };
  return {
    commit: () => settle(() => client.commit(id, actual, { tenant })),
    release: () => settle(() => client.release(id, { tenant })),
    use: (amount) => {
      actual = { amount };
    },
  };
}

/** No answer, a failing server, or a key that is no longer good: nothing that the request could help. */
function cannotBeDecided(error: unknown): boolean {
  if (!(error instanceof MeterwireError)) return false;
  const { status } = error;
  return status === 0 || status === 401 || status === 403 || status === 429 || status >= 500;
}

/** Without the status of the refused call, which is not the one that the caller's own client should see. */
function misuse(metric: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`The usage limit "${metric}" could not be asked for: ${reason}`, { cause });
}

function unavailable(): Refusal {
  return {
    status: 503,
    headers: {},
    body: {
      detail: {
        error: 'Service not available',
        code: 'unavailable',
        message: 'Usage limits cannot be checked right now. Try again in a moment.',
      },
    },
  };
}

function report({ onError }: GuardOptions, error: unknown): void {
  if (onError) onError(error);
  else console.error('Meterwire:', error);
}

/** A guard that names users must name one: an anonymous request would count into nobody's limit. */
export function namedUser(user: string | null | undefined): string {
  if (user) return user;
  throw new Error(
    'The usage limit has no user: sign the request in before it reaches the limit, or leave `user` out.',
  );
}
