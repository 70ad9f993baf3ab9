import type { CallOptions } from '../limits/decisions.ts';
import type { components } from '../schema.ts';
import type { Transport } from '../transport.ts';
import type { Span } from '../types.ts';

type Schemas = components['schemas'];

/** The calls of the current billing period, and what they cost in whole cents. */
export type LiveSummary = Schemas['LiveSummary'];

export type LiveDay = Schemas['LiveDay'];

type Changing<Part> = Part extends { change?: number | null }
  ? Omit<Part, 'change'> & { change: number | null }
  : Part;

/** A tenant's statistics of one period; each `change` is a percentage, null where there was nothing before. */
export type UsageStats = Omit<Schemas['UsageStats'], 'apiCalls' | 'tokens' | 'costs'> & {
  apiCalls: Changing<Schemas['ApiCallStats']>;
  tokens: Changing<Schemas['TokenStats']>;
  costs: Changing<Schemas['CostStats']>;
};

export type StatsPeriod = 'today' | 'week' | 'month' | 'year';

/** A period by name, or a range. */
export interface StatsQuestion extends Omit<Span, 'tenant'> {
  period?: StatsPeriod;
}

/** An embed token to make: for one user, or for the whole tenant. */
export type NewEmbedToken = { user?: string; ttl_seconds?: number };

/** Read-only and short-lived; to be made on a server and given to a browser. */
export type EmbedToken = {
  token: string;
  role: 'member' | 'viewer';
  tenant: string;
  user: string | null;
  expires_at: string;
};

/** What a page in somebody's own app asks for. */
export interface LiveCalls {
  liveSummary(options?: CallOptions): Promise<LiveSummary>;
  /** The last days, 1 to 90, today last. */
  liveDaily(days: number, options?: CallOptions): Promise<LiveDay[]>;
  statistics(slug: string, question?: StatsQuestion, signal?: AbortSignal): Promise<UsageStats>;
  /** Needs an owner's key, which stays on the server that asks. */
  embedToken(wish?: NewEmbedToken, options?: CallOptions): Promise<EmbedToken>;
}

export function liveCalls({ send }: Transport): LiveCalls {
  return {
    liveSummary: ({ tenant, signal } = {}) =>
      send('get', '/api/v1/usage/summary', { query: { tenant }, signal }),
    liveDaily: async (days, { tenant, signal } = {}) => {
      const { usage } = await send<Schemas['LiveDaily']>('get', '/api/v1/usage/daily', {
        query: { days, tenant },
        signal,
      });
      return usage;
    },
    statistics: (slug, question = {}, signal) =>
      send('get', '/api/tenants/{slug}/usage/', { path: { slug }, query: { ...question }, signal }),
    embedToken: (wish = {}, { tenant, signal } = {}) =>
      send('post', '/api/v1/embed-tokens', { query: { tenant }, body: wish, signal }),
  };
}
