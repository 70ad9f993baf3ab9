import type {
  BudgetStatus,
  CostIntelligence,
  Insight,
  ModelComparison,
  ModelCost,
  SpendDashboard,
  UsageData,
  WhatIf,
} from '@meterwire/client';

/** What is spent, by whom reports it, and what could be saved, small and with known numbers. */

export function modelCost(model: string, part: Partial<ModelCost> = {}): ModelCost {
  return {
    model,
    provider: 'openai',
    operation: 'chat',
    cost: 40.5,
    tokens: 5_000_000,
    input_tokens: 4_000_000,
    output_tokens: 1_000_000,
    requests: 12_345,
    errors: 12,
    unpriced_requests: 0,
    percentage: 66.2,
    cost_per_1k_tokens: 0.0081,
    efficiency_score: 23,
    ...part,
  };
}

export const MODELS = [
  modelCost('gpt-4o'),
  modelCost('claude-sonnet-4-5', {
    provider: 'anthropic',
    cost: 18.204,
    percentage: 29.7,
    requests: 830,
    efficiency_score: 61,
  }),
  modelCost('gpt-4o-mini', {
    cost: 2.5,
    percentage: 4.1,
    cost_per_1k_tokens: 0.00031,
    efficiency_score: 100,
  }),
];

const FRAME = {
  source: 'metered' as const,
  source_reason: 'no provider is connected',
  as_of: '2026-11-22T10:30:05Z',
  tz: 'UTC',
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
};

const DAYS = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);

export function usageData(part: Partial<UsageData> = {}): UsageData {
  return {
    total_cost: 61.204,
    total_tokens: 15_000_000,
    total_requests: 25_520,
    unpriced_requests: 0,
    model_breakdown: MODELS,
    daily_breakdown: DAYS.slice(0, 22).map((date, index) => ({
      date,
      cost: index === 21 ? 1.104 : 2 + ((index * 7) % 5) * 0.55,
      tokens: 600_000,
      requests: 1000,
    })),
    ...FRAME,
    ...part,
  };
}

export function today(): UsageData {
  return {
    ...usageData({ total_cost: 1.104, total_requests: 420 }),
    daily_breakdown: [{ date: '2026-11-22', cost: 1.104, tokens: 1100, requests: 420 }],
    hourly_breakdown: Array.from({ length: 11 }, (_, hour) => ({
      hour: `2026-11-22T${String(hour).padStart(2, '0')}:00`,
      from: `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`,
      cost: hour === 9 ? 0.104 : 0.1,
      tokens: 100,
      requests: 40,
    })),
  };
}

export function budgetStatus(part: Partial<BudgetStatus> = {}): BudgetStatus {
  return {
    monthly_budget: 100,
    current_spend: 61.204,
    budget_used_percentage: 61.2,
    projected_monthly_spend: 85.32,
    days_remaining: 8,
    daily_average: 2.85,
    is_over_budget: false,
    budget_alert_level: 'normal',
    recommendations: ['Move short prompts of gpt-4o to gpt-4o-mini.'],
    budget_id: 'b-1',
    budget_name: 'All usage',
    held: 1.5,
    ...FRAME,
    ...part,
  };
}

export function comparison(part: Partial<ModelComparison> = {}): ModelComparison {
  return {
    models: MODELS,
    recommendations: ['gpt-4o-mini costs a twentieth of gpt-4o on the same tokens.'],
    total_cost: 61.204,
    ...FRAME,
    ...part,
  };
}

export const WHAT_IF: WhatIf = {
  model: 'gpt-4o',
  instead: {},
  calls: 12_345,
  cost_usd: '40.5',
  cost_then_usd: '2.43',
  difference_usd: '-38.07',
  difference_percentage: -94,
  unpriced_calls: 0,
  not_repriced_calls: 3,
  tokens: {},
  days: [],
  ...FRAME,
};

export function insight(part: Partial<Insight> = {}): Insight {
  return {
    kind: 'duplicate_calls',
    severity: 'warning',
    title: '400 calls were made twice',
    detail: 'The same request went to gpt-4o again within an hour.',
    model: 'gpt-4o',
    evidence: {
      calls: 400,
      window_seconds: 3600,
      rule: 'the sum of cost over rows and beyond',
      cost: 1.6,
      rows: [
        { request_hash: 'ab12', repeats: 250, cost: 1, first: { source: 'api', id: 'chat-1', time: '' } },
        { request_hash: 'cd34', repeats: 150, cost: 0.6, first: { source: 'api', id: 'chat-9', time: '' } },
      ],
    },
    potential_savings: 1.6,
    recommendation: 'Keep the answer of a request for an hour.',
    ...part,
  };
}

export function intelligence(part: Partial<CostIntelligence> = {}): CostIntelligence {
  return {
    workspace_id: 'support-bot',
    alerts: [
      insight({
        kind: 'low_cache_hit',
        severity: 'info',
        title: 'Few tokens come from the cache',
        potential_savings: 0.4,
        evidence: {},
      }),
      insight(),
      insight({
        kind: 'expensive_model',
        severity: 'critical',
        title: 'gpt-4o takes 66 % of the money',
        potential_savings: 38.1,
      }),
    ],
    recommendations: [],
    potential_savings: 40.1,
    enough_data: true,
    not_judged: [{ kind: 'cost_spike', reason: 'Four weeks of the same weekday are needed.' }],
    requests: 25_520,
    total_cost: 61.204,
    ...FRAME,
    ...part,
  };
}

export function dashboard(part: Partial<SpendDashboard> = {}): SpendDashboard {
  return {
    workspace_id: 'support-bot',
    current_month: usageData(),
    today: today(),
    budget_status: budgetStatus(),
    model_comparison: comparison(),
    cost_intelligence: intelligence(),
    source: 'metered',
    as_of: '2026-11-22T10:30:05Z',
    ...part,
  };
}
