import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type { ConnectionChange, NewConnection, ProviderConnection } from './types.ts';

/** Connections to what providers say was used. */
export interface ConnectionCatalogue {
  list(options?: ListOptions): Promise<ListOf<ProviderConnection>>;
  create(connection: NewConnection, options?: CallOptions): Promise<ProviderConnection>;
  change(id: string, change: ConnectionChange, options?: CallOptions): Promise<ProviderConnection>;
  remove(id: string, options?: CallOptions): Promise<void>;
  /** Asks the provider now; `asked` reports are, the others are fresh or have to wait. */
  refresh(id: string, options?: CallOptions): Promise<ProviderConnection & { asked: number }>;
  /** Asks for days gone by; `to` is not included. */
  backfill(
    id: string,
    days: { from: string; to: string },
    options?: CallOptions,
  ): Promise<ProviderConnection>;
}

export function connectionCatalogue({ send }: Transport): ConnectionCatalogue {
  const all = '/api/v1/providers';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    change: (id, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { id }, query: { tenant }, body, signal }),
    remove: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    refresh: (id, { tenant, signal } = {}) =>
      send('post', `${one}/refresh` as const, { path: { id }, query: { tenant }, signal }),
    backfill: (id, body, { tenant, signal } = {}) =>
      send('post', `${one}/backfill` as const, { path: { id }, query: { tenant }, body, signal }),
  };
}
