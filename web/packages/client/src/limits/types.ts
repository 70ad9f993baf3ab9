import type { components } from '../schema.ts';

type Schemas = components['schemas'];

/** The document says that a field may be null; the server sends it all the same. */
type Sent<Answer> = { [Name in keyof Answer]-?: Exclude<Answer[Name], undefined> };

/** An exact decimal: a number, or its text where a number would round (`"1000000000000.000001"`). */
export type Amount = Schemas['AmountFromApi'];

/** Calendar spans in the metric's zone after which its counters start again; `none` is a level and never does. */
export type LimitWindow = Schemas['Window'];

/** What of an event counts into a metric. */
export type Counts = Schemas['Counts'];

/** Where one user stands on one metric. Null means unlimited, and for `resets_at` a level. */
export type Standing = Sent<Omit<Schemas['StandingToApi'], 'window'>> & { window: LimitWindow };

/** `date` and `resets_at` are the day in UTC and its end. */
export type UsageStatus = Omit<Schemas['StatusToApi'], 'metrics'> & { metrics: Record<string, Standing> };

/**
 * The answer to a question about, or a decision on, one metric. `exceeded`: it stands above its limit, which only an
 * increment, a commit or a lowered limit can bring about.
 */
export type Decision = Sent<Omit<Schemas['DecisionToApi'], 'window'>> & { window: LimitWindow };

/** The answer to a decision on several metrics at once. */
export interface BulkDecision {
  allowed: boolean;
  tier: string;
  metrics: Record<string, Standing>;
}

/** What a refusal says, exactly as the server wrote it. `scope`: the limit of the whole tenant refused. */
export type LimitExceededDetail = Sent<Omit<Schemas['LimitExceeded'], 'scope'>> &
  Pick<Schemas['LimitExceeded'], 'scope'>;

/** One item of an array that was not allowed (429) or not understood (422). */
export interface RefusedItem {
  allowed: false;
  status: number;
  detail: { error: string; code: string; message: string; [name: string]: unknown };
}

export interface BatchDecision {
  received: number;
  allowed: number;
  refused: number;
  invalid: number;
  /** In the order of the request. */
  results: (Decision | BulkDecision | RefusedItem)[];
}

interface ForUser {
  /** Needed where the key stands for no user of its own. */
  user?: string | undefined;
  /** What it is for, so that hard budgets of these are asked too. */
  project?: string | undefined;
  model?: string | undefined;
  api_key?: string | undefined;
  department?: string | undefined;
}

interface Recorded extends ForUser {
  /** Makes the call safe to repeat. Made once a call where it is absent. */
  idempotency_key?: string | undefined;
}

export interface CheckRequest extends ForUser {
  metric: string;
  /** 1 where it is absent. */
  amount?: Amount;
}

export interface SingleRequest extends Recorded {
  metric: string;
  /** 1 where it is absent. */
  amount?: Amount;
}

/** Several metrics in one step: all of them or none. */
export interface BulkRequest extends Recorded {
  metrics: Record<string, Amount>;
}

interface Hold extends Recorded {
  /** After so many seconds an unsettled hold gives itself back. 600 where it is absent, at most 86,400. */
  ttl_seconds?: number | undefined;
}

export interface MetricHold extends Hold {
  metric: string;
  amount?: Amount;
}

export interface MoneyHold extends Hold {
  cost_usd: string;
}

type ReservationSent = Sent<Omit<Schemas['ReservationToApi'], 'status' | 'cost_usd' | 'project' | 'model'>>;

/** Where it is money that no metric counts, `current` and what follows from it are null. */
export type Reservation = ReservationSent & {
  status: 'held' | 'committed' | 'released' | 'expired';
  cost_usd?: string;
  project?: string | null;
  model?: string | null;
};

/** With what a reservation is settled; nothing means what was held. */
export type Settlement = { amount?: Amount } | { cost_usd: string } | { event: Record<string, unknown> };

/** A countable quantity. */
export type LimitMetric = Sent<Schemas['MetricToApi']>;

export type NewLimitMetric = Schemas['NewMetric'];

/** A limit a metric; null is unlimited, and a metric that is absent is not said anything about. */
export type Limits = Record<string, number | null>;

/** The same, as it is sent: text where a number would round. */
export type NewLimits = Record<string, Amount | null>;

/** `users`: how many have it. */
export type Tier = Schemas['TierToApi'];

export type LimitUser = Schemas['UserToApi'];

export interface ListOf<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Whoever is near a limit has one. */
export type NearLimit = Sent<Omit<Schemas['NearLimitToApi'], 'limit' | 'percentage'>> & {
  limit: number;
  percentage: number;
};

export interface NearLimits {
  threshold: number;
  items: NearLimit[];
}

export type TopUser = Schemas['TopUserToApi'];

export type TopUsers = Schemas['TopUsersReply'];

export type HistoryDay = Schemas['HistoryDayToApi'];

/** The four built-in limits of a tier by their classic names. */
export type UsageLimitsRow = Schemas['UsageLimitToApi'];

/** A field that is absent stays as it is. */
export type UsageLimitsChange = Schemas['UsageLimitChange'];
