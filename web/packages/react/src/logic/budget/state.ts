import type { Me } from '@meterwire/client';

export const BUDGET_TABS = ['budgets', 'spend', 'closings'] as const;
export type BudgetTab = (typeof BUDGET_TABS)[number];

export const BUDGET_TAB_LABEL: Record<BudgetTab, string> = {
  budgets: 'Budgets',
  spend: 'Spend and insights',
  closings: 'Closed months',
};

export const SPEND_TABS = ['overview', 'models', 'insights'] as const;
export type SpendTab = (typeof SPEND_TABS)[number];

export const SPEND_TAB_LABEL: Record<SpendTab, string> = {
  overview: 'Overview',
  models: 'Model Costs',
  insights: 'AI Insights',
};

/** What the page about budgets shows, as it stands in the address. */
export interface BudgetsState {
  tab: BudgetTab;
  /** The budget that is shown in full. */
  budget?: string | undefined;
  /** The project that spend and insights are of; without one the whole tenant. */
  project?: string | undefined;
  spend: SpendTab;
}

export const DEFAULT_BUDGETS: BudgetsState = { tab: 'budgets', spend: 'overview' };

export function isBudgetTab(value: unknown): value is BudgetTab {
  return BUDGET_TABS.includes(value as BudgetTab);
}

export function isSpendTab(value: unknown): value is SpendTab {
  return SPEND_TABS.includes(value as SpendTab);
}

/** Owners and admins change what belongs to the tenant. */
export function mayChange(me: Pick<Me, 'role'>): boolean {
  return me.role === 'admin' || me.role === 'owner';
}

/** Whether a key reads pages at all. */
export function mayRead(me: Pick<Me, 'role'>): boolean {
  return me.role !== 'ingest';
}

/** A member reads only what is its own; budgets and alerts are about the whole tenant. */
export function mayReadWhole(me: Pick<Me, 'role'>): boolean {
  return mayRead(me) && me.role !== 'member';
}

export function budgetTabsFor(me: Pick<Me, 'role'>): BudgetTab[] {
  if (mayReadWhole(me)) return [...BUDGET_TABS];
  return mayRead(me) ? ['spend'] : [];
}
