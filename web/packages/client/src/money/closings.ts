import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type { Adjustment, Closing, ClosingChange } from './types.ts';

/** Months whose statement is frozen. */
export interface ClosingCatalogue {
  list(options?: ListOptions): Promise<ListOf<Closing>>;
  /** `2026-10`: a month that is over and not closed yet. */
  close(month: string, options?: CallOptions): Promise<Closing>;
  /** Gives up the frozen statement. The audit log keeps that it was there. */
  reopen(id: string, options?: CallOptions): Promise<void>;
  /** What has changed since it was closed. */
  adjustment(id: string, options?: CallOptions): Promise<Adjustment>;
  /** The same event by event. */
  changes(id: string, options?: ListOptions): Promise<ListOf<ClosingChange>>;
}

export function closingCatalogue({ send }: Transport): ClosingCatalogue {
  const all = '/api/v1/closings';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    close: (month, { tenant, signal } = {}) =>
      send('post', all, { query: { tenant }, body: { month }, signal }),
    reopen: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    adjustment: (id, { tenant, signal } = {}) =>
      send('get', `${one}/adjustment` as const, { path: { id }, query: { tenant }, signal }),
    changes: (id, { signal, ...query } = {}) =>
      send('get', `${one}/changes` as const, { path: { id }, query, signal }),
  };
}
