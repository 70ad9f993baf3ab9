import type { Path, Transport } from '../transport.ts';
import type {
  BatchDecision,
  BulkDecision,
  BulkRequest,
  CheckRequest,
  Decision,
  MetricHold,
  MoneyHold,
  Reservation,
  Settlement,
  SingleRequest,
  UsageStatus,
} from './types.ts';

export interface CallOptions {
  /** Only an admin names a tenant; for everybody else the token decides. */
  tenant?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Questions and decisions about limits. A refusal is thrown as a `LimitExceededError`. All of them are tried again
 * where the server gave no answer; what records carries a key made once a call, so that nothing counts twice.
 */
export interface LimitDecisions {
  /** Where a user stands on every metric. */
  status(user?: string, options?: CallOptions): Promise<UsageStatus>;
  /** Whether an amount would be allowed now. Changes nothing, and a refusal is an answer here. */
  checkLimit(request: CheckRequest, options?: CallOptions): Promise<Decision>;
  /** Records and never refuses. */
  increment(request: SingleRequest, options?: CallOptions): Promise<Decision>;
  increment(request: BulkRequest, options?: CallOptions): Promise<BulkDecision>;
  /** Checks and records in one step. */
  consume(request: SingleRequest, options?: CallOptions): Promise<Decision>;
  consume(request: BulkRequest, options?: CallOptions): Promise<BulkDecision>;
  /** Up to 10,000 of either form, each with its own verdict: nothing is thrown for a refused one. */
  consume(requests: readonly (SingleRequest | BulkRequest)[], options?: CallOptions): Promise<BatchDecision>;
  /** Holds an amount until it is committed, released or expired. */
  reserve(request: MetricHold | MoneyHold, options?: CallOptions): Promise<Reservation>;
  reservation(id: string, options?: CallOptions): Promise<Reservation>;
  /** Settles a hold, with the held amount where no other is given. */
  commit(id: string, settlement?: Settlement, options?: CallOptions): Promise<Reservation>;
  /** Gives a hold back. */
  release(id: string, options?: CallOptions): Promise<Reservation>;
}

export function limitDecisions({ send }: Transport): LimitDecisions {
  const post = <Data>(path: Path, body: unknown, { tenant, signal }: CallOptions = {}) =>
    send<Data>('post', path, { query: { tenant }, body, signal, retry: true });
  const one = '/api/usage/reservations/{id}';
  return {
    status: (user, { tenant, signal } = {}) =>
      send('get', '/api/usage/status', { query: { user, tenant }, signal, retry: true }),
    checkLimit: (request, options) => post('/api/usage/check-limit', request, options),
    increment: ((request: SingleRequest | BulkRequest, options?: CallOptions) =>
      post('/api/usage/increment', withKey(request), options)) as LimitDecisions['increment'],
    consume: ((
      request: SingleRequest | BulkRequest | readonly (SingleRequest | BulkRequest)[],
      options?: CallOptions,
    ) =>
      post(
        '/api/usage/consume',
        isMany(request) ? request.map(withKey) : withKey(request),
        options,
      )) as LimitDecisions['consume'],
    reserve: (request, options) => post('/api/usage/reservations', withKey(request), options),
    reservation: (id, { tenant, signal } = {}) =>
      send('get', one, { path: { id }, query: { tenant }, signal, retry: true }),
    commit: (id, settlement = {}, { tenant, signal } = {}) =>
      send('post', `${one}/commit` as const, {
        path: { id },
        query: { tenant },
        body: withEventId(settlement),
        signal,
        retry: true,
      }),
    release: (id, { tenant, signal } = {}) =>
      send('delete', one, { path: { id }, query: { tenant }, signal, retry: true }),
  };
}

function isMany<One>(request: One | readonly One[]): request is readonly One[] {
  return Array.isArray(request);
}

/** Made before the first try and kept for all of them. */
function withKey<Request extends { idempotency_key?: string | undefined }>(request: Request): Request {
  return { ...request, idempotency_key: request.idempotency_key ?? newId() };
}

/** An event without an id would be another one with every try. */
function withEventId(settlement: Settlement): Settlement {
  if (!('event' in settlement)) return settlement;
  return { event: { id: newId(), ...settlement.event } };
}

/** `crypto.randomUUID` is missing in pages on plain http from another machine; random bytes are not. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
