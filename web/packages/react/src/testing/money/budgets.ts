import type { Budget, PastBudget } from '@meterwire/client';

/** Budgets, small and with known numbers. */

export function budget(part: Partial<Budget> = {}): Budget {
  return {
    id: 'b-1',
    name: 'All usage',
    amount_usd: '100',
    period: 'month',
    timezone: 'UTC',
    follows_tenant: true,
    scope: {},
    hard: false,
    allow_unpriced: false,
    thresholds: [0.5, 0.8, 0.95, 1],
    channels: [],
    parent: null,
    is_default: true,
    created_at: '2026-11-01T00:00:00Z',
    current: {
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      spent_usd: '61.204',
      held_usd: '1.5',
      remaining_usd: '37.296',
      used_percentage: 61.2,
      is_over_budget: false,
      alert_level: 'normal',
    },
    ...part,
  };
}

const part = (id: string, name: string, amount: string, spent: string, over = false): Budget =>
  budget({
    id,
    name,
    amount_usd: amount,
    is_default: false,
    parent: 'b-2',
    scope: { department: name.toLowerCase() },
    current: {
      ...budget().current,
      spent_usd: spent,
      held_usd: '0',
      remaining_usd: over ? '-2.5' : '12.4',
      used_percentage: over ? 112.5 : 58.7,
      is_over_budget: over,
      alert_level: over ? 'critical' : 'normal',
    },
  });

export const BUDGETS: Budget[] = [
  part('b-3', 'Care', '20', '22.5', true),
  budget({
    id: 'b-2',
    name: 'Support',
    is_default: false,
    hard: true,
    amount_usd: '50',
    period: 'week',
    scope: { project: 'support-bot', model: 'gpt-4o' },
    current: {
      ...budget().current,
      from: '2026-11-16T00:00:00Z',
      to: '2026-11-23T00:00:00Z',
      spent_usd: '41.75',
      held_usd: '3',
      remaining_usd: '5.25',
      used_percentage: 83.5,
      alert_level: 'warning',
    },
  }),
  part('b-4', 'Research', '30', '17.6'),
  budget(),
];

export const HISTORY: PastBudget[] = ['2026-08', '2026-09', '2026-10', '2026-11'].map((month, index) => ({
  from: `${month}-01T00:00:00Z`,
  to: new Date(Date.UTC(2026, 8 + index, 1)).toISOString().replace('.000', ''),
  amount_usd: index < 2 ? '80' : '100',
  spent_usd: ['72.5', '88.123456789', '93.4', '61.204'][index] ?? '0',
  over_usd: index === 1 ? '8.123456789' : '0',
  is_over_budget: index === 1,
  is_current: index === 3,
}));
