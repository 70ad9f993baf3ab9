import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type { NewReport, Report, ReportChange, ReportDelivery } from './types.ts';

/** Statements that are mailed by the calendar. */
export interface ReportCatalogue {
  list(options?: ListOptions): Promise<ListOf<Report>>;
  create(report: NewReport, options?: CallOptions): Promise<Report>;
  change(id: string, change: ReportChange, options?: CallOptions): Promise<Report>;
  /** With its history. */
  remove(id: string, options?: CallOptions): Promise<void>;
  /** The newest finished period, now; answers how it went. */
  send(id: string, options?: CallOptions): Promise<ReportDelivery>;
  /** What was sent, the latest first. */
  deliveries(id: string, options?: ListOptions): Promise<ListOf<ReportDelivery>>;
}

export function reportCatalogue({ send }: Transport): ReportCatalogue {
  const all = '/api/v1/reports';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    change: (id, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { id }, query: { tenant }, body, signal }),
    remove: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    send: (id, { tenant, signal } = {}) =>
      send('post', `${one}/send` as const, { path: { id }, query: { tenant }, signal }),
    deliveries: (id, { signal, ...query } = {}) =>
      send('get', `${one}/deliveries` as const, { path: { id }, query, signal }),
  };
}
