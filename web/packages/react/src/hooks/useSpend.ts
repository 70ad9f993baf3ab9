'use client';

import type {
  BudgetStatus,
  CallOptions,
  CostIntelligence,
  MeterwireClient,
  ModelComparison,
  UsageData,
  WhatIf,
  WhatIfQuestion,
} from '@meterwire/client';
import { MeterwireError } from '@meterwire/client';
import type { SourcedResult } from './useSourced.ts';
import { MONEY_KEY } from './useMoney.ts';
import { useAsked } from './useAsked.ts';

/** What one look at the budget and its use needs. */
export interface SpendView {
  status: BudgetStatus;
  month: UsageData;
  today: UsageData;
  comparison: ModelComparison;
  /** Insights are those of one project; null where none is named. */
  intelligence: CostIntelligence | null;
}

/** The month of a project, from one moment; without a project of the whole tenant. */
export function useSpend(workspaceId: string | undefined, enabled = true): SourcedResult<SpendView> {
  return useAsked(
    MONEY_KEY,
    'spend',
    [workspaceId],
    (client, options) =>
      workspaceId === undefined ? ofTenant(client, options) : ofWorkspace(client, workspaceId, options),
    { enabled, isAnswer: hasNoCosts },
  );
}

/** The server says that it has no costs to tell now. Any other error is the error that it is. */
export function hasNoCosts(error: Error | null): boolean {
  return error instanceof MeterwireError && (error.status === 501 || error.status === 503);
}

async function ofWorkspace(
  client: MeterwireClient,
  workspaceId: string,
  options: CallOptions,
): Promise<SpendView> {
  const all = await client.spend.dashboard(workspaceId, options);
  return {
    status: all.budget_status,
    month: all.current_month,
    today: all.today,
    comparison: all.model_comparison,
    intelligence: all.cost_intelligence,
  };
}

async function ofTenant(client: MeterwireClient, options: CallOptions): Promise<SpendView> {
  const [status, month, today, comparison] = await Promise.all([
    client.spend.budgetStatus(options),
    client.spend.currentMonth(options),
    client.spend.today(options),
    client.spend.modelComparison(options),
  ]);
  return { status, month, today, comparison, intelligence: null };
}

export function useCurrentMonth(workspace?: string): SourcedResult<UsageData> {
  return useAsked(MONEY_KEY, 'month', [workspace], (client, options) =>
    client.spend.currentMonth({ ...options, workspace }),
  );
}

export function useToday(workspace?: string): SourcedResult<UsageData> {
  return useAsked(MONEY_KEY, 'today', [workspace], (client, options) =>
    client.spend.today({ ...options, workspace }),
  );
}

export function useBudgetStatus(workspace?: string): SourcedResult<BudgetStatus> {
  return useAsked(MONEY_KEY, 'status', [workspace], (client, options) =>
    client.spend.budgetStatus({ ...options, workspace }),
  );
}

export function useModelComparison(workspace?: string): SourcedResult<ModelComparison> {
  return useAsked(MONEY_KEY, 'models', [workspace], (client, options) =>
    client.spend.modelComparison({ ...options, workspace }),
  );
}

export function useCostIntelligence(workspaceId: string): SourcedResult<CostIntelligence> {
  return useAsked(MONEY_KEY, 'intelligence', [workspaceId], (client, options) =>
    client.spend.costIntelligence(workspaceId, options),
  );
}

/** What this month would have cost with another model; asked only where one is named. */
export function useWhatIf(question: WhatIfQuestion | null): SourcedResult<WhatIf> {
  return useAsked(
    MONEY_KEY,
    'what-if',
    [question],
    (client, options) => client.spend.whatIf(question ?? { instead: '' }, options),
    { enabled: question !== null },
  );
}
