import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type {
  Alert,
  AlertRule,
  AlertRuleChange,
  Channel,
  ChannelChange,
  ChannelTest,
  NewChannel,
} from './types.ts';

/** Where alerts go. */
export interface ChannelCatalogue {
  list(options?: ListOptions): Promise<ListOf<Channel>>;
  /** The answer to a webhook carries the secret that signs it, this once. */
  create(channel: NewChannel, options?: CallOptions): Promise<Channel>;
  change(id: string, change: ChannelChange, options?: CallOptions): Promise<Channel>;
  remove(id: string, options?: CallOptions): Promise<void>;
  /** Sends now and answers what happened. */
  test(id: string, options?: CallOptions): Promise<ChannelTest>;
}

export interface AlertQuestion extends ListOptions {
  kind?: string | undefined;
  severity?: string | undefined;
}

export interface Alerts {
  /** Newest first. */
  list(question?: AlertQuestion): Promise<ListOf<Alert>>;
  /** Holds back what it is about until then; null ends that. */
  snooze(id: string, until: string | null, options?: CallOptions): Promise<Alert>;
  /** Sends again what failed. */
  retry(id: string, options?: CallOptions): Promise<Alert>;
}

export interface AlertRules {
  list(options?: ListOptions): Promise<ListOf<AlertRule>>;
  change(kind: string, change: AlertRuleChange, options?: CallOptions): Promise<AlertRule>;
}

export function channelCatalogue({ send }: Transport): ChannelCatalogue {
  const all = '/api/v1/channels';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    change: (id, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { id }, query: { tenant }, body, signal }),
    remove: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    test: (id, { tenant, signal } = {}) =>
      send('post', `${one}/test` as const, { path: { id }, query: { tenant }, signal }),
  };
}

export function alerts({ send }: Transport): Alerts {
  const all = '/api/v1/alerts';
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    snooze: (id, until, { tenant, signal } = {}) =>
      send('post', `${all}/{id}/snooze` as const, {
        path: { id },
        query: { tenant },
        body: { until },
        signal,
      }),
    retry: (id, { tenant, signal } = {}) =>
      send('post', `${all}/{id}/retry` as const, { path: { id }, query: { tenant }, signal }),
  };
}

export function alertRules({ send }: Transport): AlertRules {
  const all = '/api/v1/alert-rules';
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    change: (kind, body, { tenant, signal } = {}) =>
      send('patch', `${all}/{kind}` as const, { path: { kind }, query: { tenant }, body, signal }),
  };
}
