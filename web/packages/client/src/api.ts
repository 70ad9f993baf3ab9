import { createClient } from './client.ts';
import type {
  BudgetStatus,
  CostIntelligence,
  ModelComparison,
  SpendDashboard,
  UsageData,
} from './money/types.ts';
import type { ClientOptions } from './transport.ts';

/** The six questions about a month's money under the names that apps call them by: `api.usage.getBudgetStatus()`. */
export interface UsageApi {
  getCurrentMonth(): Promise<UsageData>;
  getToday(): Promise<UsageData>;
  getBudgetStatus(): Promise<BudgetStatus>;
  getModelComparison(): Promise<ModelComparison>;
  getCostIntelligence(workspaceId: string): Promise<CostIntelligence>;
  getDashboard(workspaceId: string): Promise<SpendDashboard>;
}

export function createApi(options: ClientOptions = {}): { usage: UsageApi } {
  const { spend } = createClient(options);
  return {
    usage: {
      getCurrentMonth: () => spend.currentMonth(),
      getToday: () => spend.today(),
      getBudgetStatus: () => spend.budgetStatus(),
      getModelComparison: () => spend.modelComparison(),
      getCostIntelligence: (workspaceId) => spend.costIntelligence(workspaceId),
      getDashboard: (workspaceId) => spend.dashboard(workspaceId),
    },
  };
}
