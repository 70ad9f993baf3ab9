/**
 * What is said about money over the wire: budgets, spend, insights, provider reports, alerts, departments and closed
 * months. Amounts are exact decimals of US dollars in text where a name ends in `_usd`, numbers of dollars in R1's shapes.
 */

/** Paths that only these calls use. */
export type MoneyPath =
  | '/api/usage/current-month'
  | '/api/usage/today'
  | '/api/usage/budget-status'
  | '/api/usage/model-comparison'
  | '/api/usage/cost-intelligence/{workspace_id}'
  | '/api/usage/dashboard/{workspace_id}'
  | '/api/v1/usage/what-if'
  | '/api/v1/budgets'
  | '/api/v1/budgets/{id}'
  | '/api/v1/budgets/{id}/split'
  | '/api/v1/budgets/{id}/history'
  | '/api/v1/providers'
  | '/api/v1/providers/{id}'
  | '/api/v1/providers/{id}/refresh'
  | '/api/v1/providers/{id}/backfill'
  | '/api/v1/reconciliation'
  | '/api/v1/channels'
  | '/api/v1/channels/{id}'
  | '/api/v1/channels/{id}/test'
  | '/api/v1/alerts'
  | '/api/v1/alerts/{id}/snooze'
  | '/api/v1/alerts/{id}/retry'
  | '/api/v1/alert-rules'
  | '/api/v1/alert-rules/{kind}'
  | '/api/v1/departments/costs'
  | '/api/v1/closings'
  | '/api/v1/closings/{id}'
  | '/api/v1/closings/{id}/statement'
  | '/api/v1/closings/{id}/adjustment'
  | '/api/v1/closings/{id}/changes';

export type BudgetPeriod = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'custom';

export type AlertLevel = 'normal' | 'warning' | 'critical';

/** Nothing in it is the whole tenant. */
export interface BudgetScope {
  project?: string;
  user?: string;
  api_key?: string;
  department?: string;
  team?: string;
  model?: string;
}

/** The present period of a budget. `remaining_usd` is negative where more was spent. */
export interface BudgetStanding {
  from: string;
  to: string;
  spent_usd: string;
  held_usd: string;
  remaining_usd: string;
  used_percentage: number;
  is_over_budget: boolean;
  alert_level: AlertLevel;
}

export interface Budget {
  id: string;
  name: string;
  amount_usd: string;
  period: BudgetPeriod;
  /** Of a custom period: the day on which the first one begins, and how many days each has. */
  anchor?: string;
  days?: number;
  timezone: string;
  /** Whether that is the tenant's, whatever it is. */
  follows_tenant: boolean;
  scope: BudgetScope;
  /** Refuses decisions when nothing is left. */
  hard: boolean;
  allow_unpriced: boolean;
  /** Shares of the amount, from 0 to 1 and beyond, at which an alert is raised. */
  thresholds: number[];
  /** Ids of channels; none means all of the tenant's. */
  channels: string[];
  parent: string | null;
  is_default: boolean;
  created_at: string;
  current: BudgetStanding;
}

export interface NewBudget {
  name: string;
  amount_usd: string;
  period: BudgetPeriod;
  anchor?: string;
  days?: number;
  /** Null, or absent where it is made: the tenant's. */
  timezone?: string | null;
  scope?: BudgetScope;
  hard?: boolean;
  allow_unpriced?: boolean;
  thresholds?: number[];
  channels?: string[];
  parent?: string;
}

export type BudgetPart = { value: string; amount_usd: string } | { value: string; share: number };

export interface BudgetSplit {
  by: keyof BudgetScope;
  parts: BudgetPart[];
}

/** One period, counted by the scope and the amount of today. */
export interface PastBudget {
  from: string;
  to: string;
  amount_usd: string;
  spent_usd: string;
  over_usd: string;
  is_over_budget: boolean;
  is_current: boolean;
}

export interface BudgetPast {
  id: string;
  timezone: string;
  /** Newest first; the first is the present one. */
  periods: PastBudget[];
}

/** Whose numbers they are: the provider's report, our own events, or neither. */
export type SpendSource = 'provider' | 'metered' | 'quota';

export interface ModelCost {
  /** `(none)` where its events name no model, `Other` for the rest beyond a hundred. */
  model: string;
  provider: string | null;
  cost: number;
  tokens: number;
  input_tokens: number;
  output_tokens: number;
  requests: number;
  errors: number;
  unpriced_requests: number;
  percentage: number;
  cost_per_1k_tokens: number | null;
  /** 0 to 100: how cheap it is beside the cheapest of them, times its share of calls that did not fail. */
  efficiency_score: number | null;
}

export interface DailyUsage {
  date: string;
  cost: number;
  tokens: number;
  requests: number;
}

export interface HourlyUsage {
  /** `2026-11-22T10:00` in the zone; twice where clocks are put back. */
  hour: string;
  from: string;
  cost: number;
  tokens: number;
  requests: number;
}

/** Of when and whose numbers are. */
interface SpendFrame {
  source: SpendSource;
  /** Why it is this one. */
  source_reason: string;
  as_of: string;
  tz: string;
  from: string;
  to: string;
}

export interface UsageData extends SpendFrame {
  total_cost: number;
  total_tokens: number;
  total_requests: number;
  unpriced_requests: number;
  model_breakdown: ModelCost[];
  daily_breakdown?: DailyUsage[];
  hourly_breakdown?: HourlyUsage[];
}

export interface BudgetStatus extends SpendFrame {
  monthly_budget: number;
  current_spend: number;
  budget_used_percentage: number;
  projected_monthly_spend: number;
  days_remaining: number;
  daily_average: number;
  is_over_budget: boolean;
  budget_alert_level: AlertLevel;
  recommendations: string[];
  budget_id: string;
  budget_name: string;
  held: number;
}

export interface ModelComparison extends SpendFrame {
  models: ModelCost[];
  recommendations: string[];
  total_cost: number;
}

export interface Insight {
  kind: string;
  severity: Severity;
  title: string;
  detail: string;
  model?: string;
  provider?: string;
  /** The rows that it was found from; `rule` says how the saving is reckoned from them. */
  evidence: Record<string, unknown>;
  potential_savings: number;
  recommendation: string;
}

export interface CostIntelligence {
  workspace_id: string | null;
  alerts: Insight[];
  recommendations: string[];
  potential_savings: number;
  /** False where too little was recorded to judge by. */
  enough_data: boolean;
  /** Kinds that could not be judged, and why. */
  not_judged: { kind: string; reason: string }[];
  requests: number;
  total_cost: number;
  source: SpendSource;
  as_of: string;
  tz: string;
  from: string;
  to: string;
}

/** What a range costs, and what it would have cost with another model. */
export interface WhatIf {
  model: string | null;
  instead: Record<string, unknown>;
  tokens: Record<string, unknown>;
  days: unknown[];
  source: string;
  source_reason?: string;
  calls: number;
  cost_usd: string;
  cost_then_usd: string;
  /** Negative is cheaper. */
  difference_usd: string;
  difference_percentage: number | null;
  unpriced_calls: number;
  /** For which there would be no price either; they keep their cost. */
  not_repriced_calls: number;
  as_of: string;
  tz: string;
  from: string;
  to: string;
}

/** All of them for one workspace, from one moment. */
export interface SpendDashboard {
  workspace_id: string;
  current_month: UsageData;
  today: UsageData;
  budget_status: BudgetStatus;
  model_comparison: ModelComparison;
  cost_intelligence: CostIntelligence;
  source: SpendSource;
  as_of: string;
}

export type ProviderName = 'openai' | 'anthropic';

export interface ConnectionError {
  code: string;
  message: string;
  at: string;
}

/** A connection to a provider's report API. Its key is never shown again. */
export interface ProviderConnection {
  id: string;
  provider: ProviderName;
  name: string;
  base_url: string | null;
  enabled: boolean;
  /** Set by the settings of the server: it cannot be changed here. */
  is_fixed: boolean;
  /** The provider's project to ours; `default` is usage without one. */
  project_map: Record<string, string>;
  key_map: Record<string, string>;
  created_at: string | null;
  state: ConnectionState;
}

export interface ConnectionState {
  /** Whether its numbers may be shown, and why or why not. */
  healthy: boolean;
  why: string;
  last_success_at: string | null;
  last_error: ConnectionError | null;
  next_at: string | null;
  /** Whole UTC days; `to` is not included. */
  covers: { from: string; to: string } | null;
  backfill: { done_buckets: number; of: number };
  /** Days that the provider changed after they had been over. */
  revised: { buckets: number; last_at: string | null };
  clock_skew_seconds: number;
  reports: unknown[];
}

export interface NewConnection {
  provider: ProviderName;
  name?: string;
  key: string;
  base_url?: string;
  enabled?: boolean;
  project_map?: Record<string, string>;
}

export interface ConnectionChange {
  name?: string;
  key?: string;
  /** Null is the usual address again. The key goes with it. */
  base_url?: string | null;
  enabled?: boolean;
  project_map?: Record<string, string>;
}

/** Requests are null where a side does not tell. */
export interface ReconciledSide {
  requests: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: string;
}

/** Why costs differ. The causes of a row add up to its difference. */
export interface ReconciliationCause {
  kind: string;
  cost_usd: string;
  detail?: string;
}

/** One day of one model, as both sides have it. */
export interface ReconciliationRow {
  day: string;
  provider_name: string;
  model: string;
  provider: ReconciledSide;
  metered: ReconciledSide;
  difference: ReconciledSide;
  causes: ReconciliationCause[];
  /** When the provider last changed this day after it had been over. */
  revised_at: string | null;
}

export interface Reconciliation {
  from: string;
  to: string;
  tz: string;
  as_of: string;
  total: Pick<ReconciliationRow, 'provider' | 'metered' | 'difference' | 'causes'>;
  rows: ReconciliationRow[];
  /** Of providers that are not connected, so that nothing stands beside it. */
  not_compared: { provider_name: string; metered: ReconciledSide }[];
}

export type ChannelType = 'email' | 'slack' | 'webhook';

/** Where alerts are sent to. The address of Slack is never shown again. */
export interface Channel {
  id: string;
  name: string;
  type: ChannelType;
  to?: string[];
  url?: string | null;
  enabled: boolean;
  /** Why it was switched off by itself. */
  off_because?: string | null;
  created_at: string;
  /** Signs what a webhook gets; answered once, when it is made. */
  secret?: string | null;
}

export interface NewChannel {
  name: string;
  type: ChannelType;
  to?: string[];
  url?: string;
  enabled?: boolean;
}

export interface ChannelChange {
  name?: string;
  to?: string[];
  url?: string;
  enabled?: boolean;
  /** The old secret of a webhook ends at once. */
  new_secret?: boolean;
}

/** With `arrived` true an error names the addresses of a mail that were refused. */
export interface ChannelTest {
  arrived: boolean;
  error: string | null;
  took_ms: number;
}

export interface AlertDelivery {
  channel: string;
  channel_name: string;
  type: ChannelType;
  state: 'pending' | 'delivered' | 'failed' | 'snoozed';
  attempts: number;
  next_try_at: string | null;
  last_error: string | null;
  last_try_at: string | null;
  delivered_at: string | null;
}

export type Severity = 'info' | 'warning' | 'critical';

export interface Alert {
  id: string;
  /** What makes it this one; its first two parts are its subject. */
  key: string;
  kind: string;
  severity: Severity;
  title: string;
  detail: Record<string, unknown>;
  raised_at: string;
  snoozed_until?: string | null;
  deliveries: AlertDelivery[];
}

/** What a tenant wants to be told of. Without channels all of them are told. */
export interface AlertRule {
  kind: string;
  enabled: boolean;
  /** Whole numbers by name, the unit in the name. */
  params: Record<string, number>;
  channels: string[];
}

export type AlertRuleChange = Partial<Omit<AlertRule, 'kind'>>;

export interface CostShare {
  cost_usd: string;
  share_percentage: number | null;
  calls: number;
  tokens: number;
  unpriced_calls: number;
  previous_cost_usd: string | null;
  change_percentage: number | null;
}

export interface ProjectShare extends CostShare {
  project: string | null;
  /** The rest beyond those that are told apart. */
  other: boolean;
  team: string | null;
}

export interface DepartmentShare extends CostShare {
  /** Null is what no department was named for. */
  department: string | null;
  other: boolean;
  teams: string[];
  projects: ProjectShare[];
}

/** Who pays how much; the rows add up to the total. */
export interface DepartmentCosts {
  source: string;
  as_of: string;
  tz: string;
  from: string;
  to: string;
  compared_from: string | null;
  compared_to: string | null;
  total: CostShare;
  by_project: boolean;
  departments: DepartmentShare[];
}

/** Sums of a statement; those of an adjustment may be negative. */
export interface StatementSums {
  calls: number;
  errors: number;
  unpriced_calls: number;
  tokens: Record<string, number>;
  cost_usd: string;
}

/** A closed period. Its statement is frozen: the same bytes for ever. */
export interface Closing {
  id: string;
  /** The month, or the first and the last day. */
  name: string;
  from: string;
  to: string;
  timezone: string;
  closed_at: string;
  closed_by: string;
  /** Of the statement's bytes. */
  sha256: string;
  bytes: number;
  calls: number;
  unpriced_calls: number;
  cost_usd: string;
  /** Late events and voids, and by how much today's totals differ. */
  since: { changes: number; calls: number; cost_usd: string };
}

export interface AdjustmentRow {
  day: string;
  provider: string | null;
  model: string | null;
  project: string | null;
  department: string | null;
  statement: StatementSums;
  adjustment: StatementSums;
  today: StatementSums;
}

/** What changed since: statement and adjustment together are today's totals. */
export interface Adjustment {
  closing: Closing;
  as_of: string;
  statement: StatementSums;
  adjustment: StatementSums;
  today: StatementSums;
  rows: AdjustmentRow[];
  rows_left_out: number;
}

export interface ClosingChange {
  /** Received after the closing, or voided after it. */
  kind: 'late' | 'void';
  at: string;
  /** Null where the event was dropped for its age. */
  source: string | null;
  id: string | null;
  time: string;
  provider: string | null;
  model: string | null;
  project: string | null;
  department: string | null;
  adjustment: StatementSums;
}
