import { me } from './fixtures.ts';
import { ALERTS, CHANNELS, RULES } from './money/alerts.ts';
import { BUDGETS, HISTORY } from './money/budgets.ts';
import { ADJUSTMENT, CHANGES, closing } from './money/closings.ts';
import { DEPARTMENTS } from './money/departments.ts';
import { CONNECTIONS, RECONCILIATION } from './money/providers.ts';
import { WHAT_IF, budgetStatus, comparison, dashboard, today, usageData } from './money/spend.ts';
import { type Answer, notFound } from './answer.ts';

export * from './money/alerts.ts';
export * from './money/budgets.ts';
export * from './money/closings.ts';
export * from './money/departments.ts';
export * from './money/providers.ts';
export * from './money/spend.ts';

const quantity = (used: number, limit: number | null) => ({
  limit,
  metric: limit === null ? null : 'monthly_calls',
  percentage: limit === null ? null : (used / limit) * 100,
  recorded: used,
  remaining: limit === null ? null : limit - used,
  resetsAt: '2026-12-01T00:00:00Z',
  used,
});

export const QUOTA = {
  apiCalls: quantity(4200, 5000),
  tokens: quantity(120_000, null),
  spend: quantity(0, null),
  asOf: '2026-11-22T10:30:05Z',
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  tz: 'UTC',
  source: 'metered',
  unpricedCalls: 0,
  user: null,
};

const list = (items: unknown[]) => ({ items, nextCursor: null });

const ANSWERS: Record<string, unknown> = {
  '/api/v1/me': me(),
  '/api/v1/usage/query': { groups: [{ key: ['support-bot'], other: false }] },
  '/api/v1/usage/what-if': WHAT_IF,
  '/api/v1/budgets': list(BUDGETS),
  '/api/v1/channels': list(CHANNELS),
  '/api/v1/alerts': list(ALERTS),
  '/api/v1/alert-rules': list(RULES),
  '/api/v1/closings': list([closing()]),
  '/api/v1/closings/x-1/adjustment': ADJUSTMENT,
  '/api/v1/closings/x-1/changes': CHANGES,
  '/api/v1/departments/costs': DEPARTMENTS,
  '/api/v1/providers': list(CONNECTIONS),
  '/api/v1/reconciliation': RECONCILIATION,
  '/api/usage/budget-status': budgetStatus(),
  '/api/usage/current-month': usageData(),
  '/api/usage/today': today(),
  '/api/usage/model-comparison': comparison(),
  '/api/usage/dashboard/support-bot': dashboard(),
  '/api/tenants/acme/quota': QUOTA,
};

/** What a server with budgets, alerts and closed months would answer to the questions of the pages. */
export const moneyAnswers: Answer = ({ pathname: path }) => {
  const [, id, history] = /^\/api\/v1\/budgets\/([^/]+)(\/history)?$/.exec(path) ?? [];
  const found = history
    ? { id, timezone: 'UTC', periods: [...HISTORY].reverse() }
    : (BUDGETS.find((one) => one.id === id) ?? ANSWERS[path]);
  return found ?? notFound(path);
};
