import type { components } from './schema.ts';
import type { Comparing } from './usage/types.ts';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Tenant = Schemas['TenantName'];
export type UsageBucket = Schemas['BucketToApi'];
export type UsageLogItem = Schemas['LogItem'];
export type UsageLogPage = Schemas['LogPageToApi'];
export type Quota = Schemas['QuotaToApi'];
export type TenantQuota = Schemas['QuotaReply'];
export type ErrorDetail = Schemas['ErrorDetail'];

export type UsageValues = Schemas['ValuesToApi'];
export type UsageGroup = Schemas['GroupToApi'];
export type UsageCompared = Schemas['ComparedToApi'];
export type UsageAnswer = Schemas['QueryReply'];

export type Granularity = '15m' | 'hour' | 'day' | 'week' | 'month';

export type Dimension =
  | 'provider'
  | 'model'
  | 'project'
  | 'user'
  | 'api_key'
  | 'agent'
  | 'department'
  | 'country'
  | 'status'
  | 'operation'
  | 'service_tier';

export type Metric =
  | 'calls'
  | 'errors'
  | 'error_rate'
  | 'input_tokens'
  | 'cached_input_tokens'
  | 'output_tokens'
  | 'reasoning_tokens'
  | 'tokens'
  | 'cost'
  | 'latency_p50'
  | 'latency_p95'
  | 'latency_p99'
  | 'ttft_p50'
  | 'ttft_p95'
  | 'users';

/** Values of one dimension are alternatives; an empty string means "has none". */
export type Filters = Partial<Record<Dimension, readonly string[]>>;

/** Which time is asked about. `from` and `to` go together; `to` is not included. */
export interface Span {
  range?: string;
  from?: string;
  to?: string;
  tz?: string;
  /** Only an admin names a tenant; for everybody else the token decides. */
  tenant?: string;
}

export interface UsageQuestion extends Span, Comparing {
  granularity?: Granularity;
  group_by?: readonly Dimension[];
  metrics?: readonly Metric[];
  filter?: Filters;
  top?: number;
}

export interface LogQuestion extends Span {
  filter?: Filters;
  /** Only events with a known cost, or only those whose model has no price. */
  priced?: boolean;
  sort?: string;
  /** From 1, up to 100,000 rows deep. */
  page?: number;
  page_size?: number;
  /** Where the page begins, instead of `page`; with the same sort and filters as the page it came from. */
  cursor?: string;
}
