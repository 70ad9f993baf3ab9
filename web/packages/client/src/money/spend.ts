import type { CallOptions } from '../limits/decisions.ts';
import type { Transport } from '../transport.ts';
import type { Filters, Span } from '../types.ts';
import type {
  BudgetStatus,
  CostIntelligence,
  DepartmentCosts,
  ModelComparison,
  Reconciliation,
  SpendDashboard,
  UsageData,
  WhatIf,
} from './types.ts';

export interface WhatIfQuestion {
  /** The model to take instead. */
  instead: string;
  /** The one that is replaced; all of them where it is absent. */
  model?: string | undefined;
  workspace?: string | undefined;
  /** A named range; this month where it is absent. */
  range?: string | undefined;
  tz?: string | undefined;
}

export interface SpendOptions extends CallOptions {
  /** A project; without one the whole tenant. */
  workspace?: string | undefined;
  tz?: string | undefined;
}

/** What is spent, where it goes, and what could be saved. */
export interface Spend {
  currentMonth(options?: SpendOptions): Promise<UsageData>;
  /** With every hour of it. */
  today(options?: SpendOptions): Promise<UsageData>;
  budgetStatus(options?: SpendOptions): Promise<BudgetStatus>;
  modelComparison(options?: SpendOptions): Promise<ModelComparison>;
  costIntelligence(workspaceId: string, options?: CallOptions): Promise<CostIntelligence>;
  /** All of the above for one workspace, from one moment. */
  dashboard(workspaceId: string, options?: CallOptions): Promise<SpendDashboard>;
  /** Every event priced anew on its own tokens, as if it had gone to another model. */
  whatIf(question: WhatIfQuestion, options?: CallOptions): Promise<WhatIf>;
  /** The providers' reports beside our own events, day by model. */
  reconciliation(
    question: Span & { provider?: string | undefined },
    signal?: AbortSignal,
  ): Promise<Reconciliation>;
  byDepartment(
    question: Span & { compare?: 'previous' | undefined; filter?: Filters },
    signal?: AbortSignal,
  ): Promise<DepartmentCosts>;
}

export function spend({ send }: Transport): Spend {
  const of = <Data>(name: 'current-month' | 'today' | 'budget-status' | 'model-comparison') => {
    return ({ signal, ...query }: SpendOptions = {}) =>
      send<Data>('get', `/api/usage/${name}`, { query, signal });
  };
  const at = { workspace: (id: string) => ({ workspace_id: id }) };
  return {
    currentMonth: of('current-month'),
    today: of('today'),
    budgetStatus: of('budget-status'),
    modelComparison: of('model-comparison'),
    costIntelligence: (id, { tenant, signal } = {}) =>
      send('get', '/api/usage/cost-intelligence/{workspace_id}', {
        path: at.workspace(id),
        query: { tenant },
        signal,
      }),
    dashboard: (id, { tenant, signal } = {}) =>
      send('get', '/api/usage/dashboard/{workspace_id}', {
        path: at.workspace(id),
        query: { tenant },
        signal,
      }),
    whatIf: (question, { tenant, signal } = {}) =>
      send('get', '/api/v1/usage/what-if', { query: { ...question, tenant }, signal }),
    reconciliation: (question, signal) =>
      send('get', '/api/v1/reconciliation', { query: { ...question }, signal }),
    byDepartment: (question, signal) =>
      send('get', '/api/v1/departments/costs', { query: { ...question }, signal }),
  };
}
