import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type { NewPrice, Price, Rerate, RerateDifference, RerateWish } from './types.ts';

export interface BookQuestion {
  provider?: string | undefined;
  /** Only models whose name contains this. */
  model?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** A tenant's own prices, which go before those of the built-in book. Events that are recorded keep their cost. */
export interface PriceCatalogue {
  list(options?: ListOptions): Promise<ListOf<Price>>;
  create(price: NewPrice, options?: CallOptions): Promise<Price>;
  /** Puts another one in its place. */
  replace(id: string, price: NewPrice, options?: CallOptions): Promise<Price>;
  remove(id: string, options?: CallOptions): Promise<void>;
  /** The built-in prices. */
  book(question?: BookQuestion, signal?: AbortSignal): Promise<ListOf<Price>>;
  /** What rating recorded usage by the prices of now would change. Nothing is changed. */
  rerateDifference(wish: RerateWish, options?: CallOptions): Promise<RerateDifference>;
  /** Begins it. Where something else would change by now than `basis` stands for, it is refused: `rerate_changed`. */
  rerate(wish: RerateWish & { basis: string }, options?: CallOptions): Promise<Rerate>;
  /** The latest first. */
  rerates(options?: ListOptions): Promise<ListOf<Rerate>>;
  readRerate(id: string, options?: CallOptions): Promise<Rerate>;
}

export function priceCatalogue({ send }: Transport): PriceCatalogue {
  const all = '/api/v1/prices';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    replace: (id, body, { tenant, signal } = {}) =>
      send('put', one, { path: { id }, query: { tenant }, body, signal }),
    remove: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    rerateDifference: (wish, { tenant, signal } = {}) =>
      send('post', `${all}/rerate` as const, { query: { tenant }, body: { ...wish, dry_run: true }, signal }),
    rerate: (wish, { tenant, signal } = {}) =>
      send('post', `${all}/rerate` as const, {
        query: { tenant },
        body: { ...wish, dry_run: false },
        signal,
      }),
    rerates: ({ signal, ...query } = {}) => send('get', `${all}/rerates` as const, { query, signal }),
    readRerate: (id, { tenant, signal } = {}) =>
      send('get', `${all}/rerates/{id}` as const, { path: { id }, query: { tenant }, signal }),
    book: (question = {}, signal) => send('get', `${all}/book` as const, { query: { ...question }, signal }),
  };
}
