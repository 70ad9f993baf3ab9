import {
  type AlertsState,
  type BudgetsState,
  DEFAULT_ALERTS,
  DEFAULT_BUDGETS,
  isAlertKind,
  isAlertTab,
  isBudgetTab,
  isSpendTab,
  type ReconcileState,
} from '@meterwire/react';
import { one, type Search } from './search.ts';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_NAME_LENGTH = 256;

/** Reads an address that anybody may have written: what makes no sense falls back to the default. */
export function budgetsFromSearch(search: Search): BudgetsState {
  const [tab, budget, project, spend] = [
    one(search.tab),
    one(search.budget),
    one(search.workspace),
    one(search.show),
  ];
  return {
    tab: isBudgetTab(tab) ? tab : DEFAULT_BUDGETS.tab,
    spend: isSpendTab(spend) ? spend : DEFAULT_BUDGETS.spend,
    ...(budget && ID.test(budget) ? { budget } : {}),
    ...(project && project.length <= MAX_NAME_LENGTH ? { project } : {}),
  };
}

/** Writes only what differs from the default, so that addresses stay short. */
export function searchFromBudgets({ tab, budget, project, spend }: BudgetsState): Search {
  return {
    ...(tab === DEFAULT_BUDGETS.tab ? {} : { tab }),
    ...(budget ? { budget } : {}),
    // Not `project`, which filters the shared view.
    ...(project ? { workspace: project } : {}),
    ...(spend === DEFAULT_BUDGETS.spend ? {} : { show: spend }),
  };
}

export function alertsFromSearch(search: Search): AlertsState {
  const [tab, kind] = [one(search.tab), one(search.kind)];
  return {
    tab: isAlertTab(tab) ? tab : DEFAULT_ALERTS.tab,
    ...(isAlertKind(kind) ? { kind } : {}),
  };
}

export function searchFromAlerts({ tab, kind }: AlertsState): Search {
  return { ...(tab === DEFAULT_ALERTS.tab ? {} : { tab }), ...(kind ? { kind } : {}) };
}

export function reconcileFromSearch(search: Search): ReconcileState {
  // Not `provider`, which filters the shared view.
  const from = one(search.report);
  return from === 'openai' || from === 'anthropic' ? { provider: from } : {};
}

export function searchFromReconcile({ provider }: ReconcileState): Search {
  return provider ? { report: provider } : {};
}
