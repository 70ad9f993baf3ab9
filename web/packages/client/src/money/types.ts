import type { components } from '../schema.ts';

type Schemas = components['schemas'];

/** The document says that a field may be null; the server sends it all the same. */
type Sent<Answer> = { [Name in keyof Answer]-?: Exclude<Answer[Name], undefined> };

/** The same, but for fields that are absent where there is nothing to say; those are never null. */
type SentWithout<Answer, Absent extends keyof Answer> = Sent<Omit<Answer, Absent>> & {
  [Name in Absent]?: Exclude<Answer[Name], null | undefined>;
};

/** Some fields with a closer type than the document gives. */
type Closer<Answer, Fields> = Omit<Answer, keyof Fields> & Fields;

// Budgets

export type BudgetPeriod = Schemas['BudgetPeriod'];

export type AlertLevel = 'normal' | 'warning' | 'critical';

/** Which usage a budget is for: everything that has all of these. Nothing in it is the whole tenant. */
export type BudgetScope = { [Name in keyof Schemas['BudgetScope']]?: string };

/** The present period of a budget. `remaining_usd` is negative where there is less than nothing. */
export type BudgetStanding = Closer<Schemas['BudgetStanding'], { alert_level: AlertLevel }>;

/** `anchor` and `days` are those of a custom period. */
export type Budget = Closer<
  SentWithout<Schemas['Budget'], 'anchor' | 'days'>,
  { scope: BudgetScope; current: BudgetStanding }
>;

export type NewBudget = Schemas['NewBudgetFromApi'];

/** What is absent stays. */
export type BudgetChange = Schemas['BudgetChangeFromApi'];

/** An amount, or a share of the whole from 0 to 1. */
export type BudgetPart = { value: string; amount_usd: string } | { value: string; share: number };

export interface BudgetSplit {
  by: keyof BudgetScope;
  parts: BudgetPart[];
}

/** One period, counted by the scope and the amount of today. */
export type PastBudget = Schemas['BudgetHistoryPeriod'];

/** The newest period first, which is the present one. */
export type BudgetPast = Schemas['BudgetHistory'];

// Spend

/** Whose numbers they are: the provider's report, our own events, or neither. */
export type SpendSource = 'provider' | 'metered' | 'quota';

/** Dollars are numbers here, with up to nine decimals. */
export type ModelCost = Sent<Schemas['ModelCost']>;

export type DailyUsage = Schemas['SpendOfDay'];

export type HourlyUsage = Schemas['SpendOfHour'];

export type UsageData = Closer<
  SentWithout<Schemas['UsageData'], 'hourly_breakdown'>,
  { model_breakdown: ModelCost[]; source: SpendSource }
>;

export type BudgetStatus = Closer<
  Schemas['BudgetStatus'],
  { budget_alert_level: AlertLevel; source: SpendSource }
>;

export type ModelComparison = Closer<
  Schemas['ModelComparison'],
  { models: ModelCost[]; source: SpendSource }
>;

/** The evidence holds the rows that it was found from; its `rule` says how the saving is reckoned from them. */
export type Insight = Closer<
  SentWithout<Schemas['Insight'], 'model' | 'provider'>,
  { severity: Severity; evidence: Record<string, unknown> }
>;

export type CostIntelligence = Closer<
  Sent<Schemas['CostIntelligence']>,
  { alerts: Insight[]; source: SpendSource }
>;

/** What a range costs, and what it would have cost with another model. A negative difference is cheaper. */
export type WhatIf = Sent<Schemas['WhatIfToApi']>;

/** All of them for one workspace, from one moment. */
export type SpendDashboard = Closer<
  Schemas['Dashboard'],
  {
    current_month: UsageData;
    today: UsageData;
    budget_status: BudgetStatus;
    model_comparison: ModelComparison;
    cost_intelligence: CostIntelligence;
    source: SpendSource;
  }
>;

// Providers

export type ProviderName = 'openai' | 'anthropic';

export type ConnectionError = Schemas['FailureToApi'];

/** Whether its numbers may be shown, and why or why not. */
export type ConnectionState = Closer<Sent<Schemas['StateToApi']>, { revised: Sent<Schemas['RevisedToApi']> }>;

/** A connection to a provider's report API. Its key is never shown again. */
export type ProviderConnection = Closer<
  Sent<Schemas['ConnectionToApi']>,
  { provider: ProviderName; state: ConnectionState }
>;

export type NewConnection = Schemas['ConnectionFromApi'];

/** What is absent stays. Another address needs the key again; null is the usual one. */
export type ConnectionChange = Schemas['ConnectionChangeFromApi'];

/** Requests are null where a side does not tell. */
export type ReconciledSide = Sent<Schemas['SideToApi']>;

/** Why costs differ: the causes add up to the difference. In a row each says its figures. */
export interface ReconciliationCause {
  kind: string;
  cost_usd: string;
  detail?: string;
}

interface ReconciledSides {
  provider: ReconciledSide;
  metered: ReconciledSide;
  difference: ReconciledSide;
  causes: ReconciliationCause[];
}

/** One day of one model, as both sides have it. */
export type ReconciliationRow = Closer<Sent<Schemas['RowToApi']>, ReconciledSides>;

export type Reconciliation = Closer<
  Schemas['ReconciliationReply'],
  {
    rows: ReconciliationRow[];
    total: ReconciledSides;
    not_compared: { provider_name: string; metered: ReconciledSide }[];
  }
>;

// Alerts

export type Severity = 'info' | 'warning' | 'critical';

export type ChannelType = 'email' | 'slack' | 'webhook';

/** Where alerts are sent to. The address of Slack is never shown again; the secret of a webhook when it is made. */
export type Channel = Closer<
  SentWithout<Schemas['ChannelToApi'], 'to' | 'url' | 'secret'>,
  { type: ChannelType }
>;

export type NewChannel = Closer<Schemas['ChannelToMake'], { type: ChannelType }>;

/** What is absent stays. With `new_secret` the old secret of a webhook ends at once. */
export type ChannelChange = Schemas['ChannelToChange'];

/** With `arrived` true an error names the addresses of a mail that were refused. */
export type ChannelTest = Sent<Schemas['ChannelTestToApi']>;

export type AlertDelivery = Closer<
  Sent<Schemas['DeliveryToApi']>,
  { state: 'pending' | 'delivered' | 'failed' | 'snoozed'; type: ChannelType }
>;

export type Alert = Closer<
  Sent<Schemas['AlertToApi']>,
  { severity: Severity; detail: Record<string, unknown>; deliveries: AlertDelivery[] }
>;

/** What a tenant wants to be told of. Without channels all of them are told. */
export type AlertRule = Schemas['AlertRuleToApi'];

export type AlertRuleChange = Schemas['AlertRuleChange'];

// Departments

export type CostShare = Sent<Schemas['CostToApi']>;

/** `other` is the rest beyond those that are told apart. */
export type ProjectShare = Sent<Schemas['ProjectCostToApi']>;

export type DepartmentShare = Closer<Sent<Schemas['DepartmentToApi']>, { projects: ProjectShare[] }>;

/** Who pays how much; the rows add up to the total. */
export type DepartmentCosts = Closer<
  Sent<Schemas['DepartmentCostsToApi']>,
  { total: CostShare; departments: DepartmentShare[] }
>;

// Closed periods

/** Sums of a statement; those of an adjustment may be negative. */
export type StatementSums = Schemas['SumsToApi'];

/** A closed period. Its statement is frozen: the same bytes for ever. */
export type Closing = Schemas['ClosingToApi'];

export type AdjustmentRow = Sent<Schemas['AdjustmentRowToApi']>;

/** What changed since: statement and adjustment together are today's totals. */
export type Adjustment = Closer<Schemas['AdjustmentToApi'], { rows: AdjustmentRow[] }>;

/** An event that was received after the closing, or voided after it. */
export type ClosingChange = Closer<Sent<Schemas['ChangeToApi']>, { kind: 'late' | 'void' }>;
