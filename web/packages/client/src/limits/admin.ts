import type { Erased, NewUser, UserChange } from '../settings/types.ts';
import type { Transport } from '../transport.ts';
import type { CallOptions } from './decisions.ts';
import type {
  HistoryDay,
  Limits,
  LimitMetric,
  LimitUser,
  ListOf,
  NearLimits,
  NewLimitMetric,
  NewLimits,
  Tier,
  TopUsers,
  UsageLimitsChange,
  UsageLimitsRow,
} from './types.ts';

export interface ListOptions extends CallOptions {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** For an owner or an admin: who used how much, resets, and the four classic limits of a tier. */
export interface LimitAdmin {
  /** Without user and metric: today's counters of everyone. A level is only reset where it is named. */
  manualReset(
    what?: { user?: string; metric?: string },
    options?: CallOptions,
  ): Promise<{ reset: number; date: string }>;
  topUsers(
    question: { metric: string; date?: string | undefined; limit?: number },
    options?: CallOptions,
  ): Promise<TopUsers>;
  /** Everyone above this share (0 to 1) of a limit, highest first. */
  nearLimits(threshold: number, options?: ListOptions): Promise<NearLimits>;
  history(days: number, options?: CallOptions): Promise<{ items: HistoryDay[] }>;
  usageLimits(options?: CallOptions): Promise<{ items: UsageLimitsRow[] }>;
  setUsageLimits(
    rows: readonly UsageLimitsChange[],
    options?: CallOptions,
  ): Promise<{ items: UsageLimitsRow[] }>;
  /** Works at once. */
  setTier(user: string, tier: string, options?: CallOptions): Promise<LimitUser>;
}

/** What can be counted. */
export interface MetricCatalogue {
  list(options?: ListOptions): Promise<ListOf<LimitMetric>>;
  create(metric: NewLimitMetric, options?: CallOptions): Promise<LimitMetric>;
  read(name: string, options?: CallOptions): Promise<LimitMetric>;
  change(
    name: string,
    change: Partial<Omit<NewLimitMetric, 'name'>>,
    options?: CallOptions,
  ): Promise<LimitMetric>;
  remove(name: string, options?: CallOptions): Promise<void>;
}

export interface TierCatalogue {
  list(options?: ListOptions): Promise<ListOf<Tier>>;
  create(tier: { name: string; limits?: NewLimits }, options?: CallOptions): Promise<Tier>;
  read(name: string, options?: CallOptions): Promise<Tier>;
  /** Only the limits that are named change. */
  change(name: string, limits: NewLimits, options?: CallOptions): Promise<Tier>;
  remove(name: string, options?: CallOptions): Promise<void>;
}

export interface UserCatalogue {
  list(options?: ListOptions): Promise<ListOf<LimitUser>>;
  read(id: string, options?: CallOptions): Promise<LimitUser>;
  /** What is set for this user alone, over the tier. */
  limits(id: string, options?: CallOptions): Promise<{ limits: Limits }>;
  /** Replaces all of them. */
  setLimits(id: string, limits: NewLimits, options?: CallOptions): Promise<{ limits: Limits }>;
  create(user: NewUser, options?: CallOptions): Promise<LimitUser>;
  change(id: string, change: UserChange, options?: CallOptions): Promise<LimitUser>;
  /** Totals stay, the identity goes, and nothing brings it back. */
  erase(id: string, options?: CallOptions): Promise<Erased>;
}

/** Over all users of the tenant together. */
export interface TenantLimits {
  read(options?: CallOptions): Promise<{ limits: Limits }>;
  /** Replaces all of them. */
  replace(limits: NewLimits, options?: CallOptions): Promise<{ limits: Limits }>;
}

export interface LimitAdministration {
  admin: LimitAdmin;
  metrics: MetricCatalogue;
  tiers: TierCatalogue;
  users: UserCatalogue;
  tenantLimits: TenantLimits;
}

export function limitAdministration(transport: Transport): LimitAdministration {
  return {
    admin: limitAdmin(transport),
    metrics: metricCatalogue(transport),
    tiers: tierCatalogue(transport),
    users: userCatalogue(transport),
    tenantLimits: tenantLimits(transport),
  };
}

function limitAdmin({ send }: Transport): LimitAdmin {
  const at = <Name extends string>(name: Name) => `/api/usage/admin/${name}` as const;
  return {
    manualReset: (what = {}, { tenant, signal } = {}) =>
      send('post', at('manual-reset'), { query: { tenant }, body: what, signal }),
    topUsers: (question, { tenant, signal } = {}) =>
      send('get', at('top-users'), { query: { ...question, tenant }, signal }),
    nearLimits: (threshold, { signal, ...query } = {}) =>
      send('get', at('near-limits'), { query: { threshold, ...query }, signal }),
    history: (days, { tenant, signal } = {}) =>
      send('get', at('history'), { query: { days, tenant }, signal }),
    usageLimits: ({ tenant, signal } = {}) => send('get', at('usage-limits'), { query: { tenant }, signal }),
    setUsageLimits: (items, { tenant, signal } = {}) =>
      send('put', at('usage-limits'), { query: { tenant }, body: { items }, signal }),
    setTier: (id, tier, { tenant, signal } = {}) =>
      send('patch', at('users/{id}'), { path: { id }, query: { tenant }, body: { tier }, signal }),
  };
}

function metricCatalogue({ send }: Transport): MetricCatalogue {
  const all = '/api/v1/metrics';
  const one = `${all}/{name}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    read: (name, { tenant, signal } = {}) => send('get', one, { path: { name }, query: { tenant }, signal }),
    change: (name, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { name }, query: { tenant }, body, signal }),
    remove: (name, { tenant, signal } = {}) =>
      send('delete', one, { path: { name }, query: { tenant }, signal }),
  };
}

function tierCatalogue({ send }: Transport): TierCatalogue {
  const all = '/api/v1/tiers';
  const one = `${all}/{name}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    read: (name, { tenant, signal } = {}) => send('get', one, { path: { name }, query: { tenant }, signal }),
    change: (name, limits, { tenant, signal } = {}) =>
      send('patch', one, { path: { name }, query: { tenant }, body: { limits }, signal }),
    remove: (name, { tenant, signal } = {}) =>
      send('delete', one, { path: { name }, query: { tenant }, signal }),
  };
}

function userCatalogue({ send }: Transport): UserCatalogue {
  const all = '/api/v1/users';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    read: (id, { tenant, signal } = {}) => send('get', one, { path: { id }, query: { tenant }, signal }),
    limits: (id, { tenant, signal } = {}) =>
      send('get', `${one}/limits` as const, { path: { id }, query: { tenant }, signal }),
    setLimits: (id, limits, { tenant, signal } = {}) =>
      send('put', `${one}/limits` as const, { path: { id }, query: { tenant }, body: { limits }, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    change: (id, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { id }, query: { tenant }, body, signal }),
    erase: (id, { tenant, signal } = {}) =>
      send('post', `${one}/erase` as const, {
        path: { id },
        query: { tenant },
        body: { user: id },
        signal,
      }),
  };
}

function tenantLimits({ send }: Transport): TenantLimits {
  const at = '/api/v1/tenant-limits';
  return {
    read: ({ tenant, signal } = {}) => send('get', at, { query: { tenant }, signal }),
    replace: (limits, { tenant, signal } = {}) =>
      send('put', at, { query: { tenant }, body: { limits }, signal }),
  };
}
