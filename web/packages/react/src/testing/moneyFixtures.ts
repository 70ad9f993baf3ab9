import type {
  Alert,
  AlertRule,
  Budget,
  BudgetStatus,
  Channel,
  Closing,
  CostIntelligence,
  DepartmentCosts,
  Insight,
  ModelComparison,
  ModelCost,
  PastBudget,
  ProviderConnection,
  Reconciliation,
  ReconciledSide,
  SpendDashboard,
  StatementSums,
  UsageData,
  WhatIf,
} from '@meterwire/client';
import { me } from './fixtures.ts';
import { type Answer, Refusal } from './render.tsx';

/** Small answers about money with known numbers. */

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

export function channel(part: Partial<Channel> = {}): Channel {
  return {
    id: 'c-1',
    name: 'Finance',
    type: 'email',
    to: ['finance@example.com', 'cfo@example.com'],
    enabled: true,
    off_because: null,
    created_at: '2026-11-01T00:00:00Z',
    ...part,
  };
}

export const CHANNELS = [
  channel(),
  channel({ id: 'c-2', name: 'Ops', type: 'slack', to: [] }),
  channel({
    id: 'c-3',
    name: 'Pager',
    type: 'webhook',
    to: [],
    url: 'https://hooks.example.com/meterwire',
    enabled: false,
    off_because: 'it answered 410',
  }),
];

export function alert(part: Partial<Alert> = {}): Alert {
  return {
    id: 'a-1',
    key: 'budget/b-2/1794787200000/800000',
    kind: 'budget_threshold',
    severity: 'warning',
    title: 'Support has used 80 % of $50.00 this week',
    detail: {},
    raised_at: '2026-11-22T09:15:00Z',
    snoozed_until: null,
    deliveries: [
      {
        channel: 'c-1',
        channel_name: 'Finance',
        type: 'email',
        state: 'delivered',
        attempts: 1,
        next_try_at: null,
        last_error: null,
        last_try_at: '2026-11-22T09:15:01Z',
        delivered_at: '2026-11-22T09:15:01Z',
      },
      {
        channel: 'c-3',
        channel_name: 'Pager',
        type: 'webhook',
        state: 'failed',
        attempts: 12,
        next_try_at: null,
        last_error: 'it answered 500',
        last_try_at: '2026-11-22T10:15:01Z',
        delivered_at: null,
      },
    ],
    ...part,
  };
}

export const ALERTS = [
  alert({
    id: 'a-2',
    kind: 'unpriced_model',
    severity: 'info',
    title: 'attic-llama has no price',
    deliveries: [],
  }),
  alert(),
  alert({
    id: 'a-3',
    kind: 'spend_spike',
    severity: 'critical',
    title: 'Today costs $41.20, three times a usual Sunday',
    snoozed_until: '2099-01-01T00:00:00Z',
  }),
];

export const RULES: AlertRule[] = [
  { kind: 'budget_threshold', enabled: true, params: {}, channels: [] },
  {
    kind: 'spend_spike',
    enabled: true,
    params: { above_percent: 100, min_usd: 10, weeks: 4 },
    channels: ['c-1'],
  },
  { kind: 'limit_near', enabled: false, params: { percent: 90 }, channels: [] },
];

export function closing(part: Partial<Closing> = {}): Closing {
  return {
    id: 'x-1',
    name: '2026-09',
    from: '2026-09-01T00:00:00Z',
    to: '2026-10-01T00:00:00Z',
    timezone: 'UTC',
    closed_at: '2026-10-02T08:00:00Z',
    closed_by: 'key prod',
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    bytes: 5120,
    calls: 4321,
    unpriced_calls: 0,
    cost_usd: '88.123456789',
    since: { changes: 2, calls: 0, cost_usd: '-0.25' },
    ...part,
  };
}

function sums(cost_usd: string, calls: number): StatementSums {
  return { calls, errors: 0, unpriced_calls: 0, tokens: { input: 10 }, cost_usd };
}

export const ADJUSTMENT = {
  closing: closing(),
  as_of: '2026-11-22T10:30:05Z',
  statement: sums('88.123456789', 4321),
  adjustment: sums('-0.25', 0),
  today: sums('87.873456789', 4321),
  rows: [
    {
      day: '2026-09-30',
      provider: 'openai',
      model: 'gpt-4o',
      project: 'support-bot',
      department: null,
      statement: sums('1.5', 30),
      adjustment: sums('-0.35', -1),
      today: sums('1.15', 29),
    },
  ],
  rows_left_out: 0,
};

export const CHANGES = {
  items: [
    {
      kind: 'void',
      at: '2026-10-03T10:00:00Z',
      source: 'api',
      id: 'chat-1',
      time: '2026-09-30T10:00:00Z',
      provider: 'openai',
      model: 'gpt-4o',
      project: 'support-bot',
      department: null,
      adjustment: sums('-0.35', -1),
    },
  ],
  nextCursor: null,
};

const share = (cost_usd: string, share_percentage: number, change: number | null, previous: string) => ({
  cost_usd,
  share_percentage,
  calls: 1200,
  tokens: 50_000,
  unpriced_calls: 0,
  previous_cost_usd: previous,
  change_percentage: change,
});

export const DEPARTMENTS: DepartmentCosts = {
  source: 'metered',
  as_of: '2026-11-22T10:30:05Z',
  tz: 'UTC',
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  compared_from: '2026-11-09T00:00:00Z',
  compared_to: '2026-11-15T10:30:05Z',
  total: { ...share('60.5', 100, 12.34, '53.85'), unpriced_calls: 3 },
  by_project: true,
  departments: [
    {
      department: 'care',
      other: false,
      teams: ['frontline', 'second line'],
      ...share('40.25', 66.53, 25, '32.2'),
      projects: [
        { project: 'support-bot', other: false, team: 'frontline', ...share('30.25', 50, 10, '27.5') },
        { project: 'triage', other: false, team: 'second line', ...share('10', 16.53, null, '0') },
      ],
    },
    {
      department: 'research',
      other: false,
      teams: [],
      ...share('18.25', 30.17, -15.7, '21.65'),
      projects: [],
    },
    { department: null, other: false, teams: [], ...share('2', 3.31, 0, '2'), projects: [] },
  ],
};

const side = (cost_usd: string, requests: number | null): ReconciledSide => ({
  requests,
  input_tokens: 1_200_000,
  output_tokens: 300_000,
  cost_usd,
});

export const RECONCILIATION: Reconciliation = {
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  tz: 'UTC',
  as_of: '2026-11-22T10:30:05Z',
  total: {
    provider: side('12.5', 900),
    metered: side('11.25', 880),
    difference: side('1.25', 20),
    causes: [
      { kind: 'unknown_key', cost_usd: '1.5' },
      { kind: 'price_difference', cost_usd: '-0.25' },
    ],
  },
  rows: [
    {
      day: '2026-11-17',
      provider_name: 'openai',
      model: 'gpt-4o',
      provider: side('7.5', 500),
      metered: side('6.25', 480),
      difference: side('1.25', 20),
      causes: [
        { kind: 'unknown_key', cost_usd: '1.5', detail: 'Two keys that no event names.' },
        { kind: 'price_difference', cost_usd: '-0.25', detail: 'Dearer by 2 %.' },
      ],
      revised_at: null,
    },
    {
      day: '2026-11-16',
      provider_name: 'anthropic',
      model: 'claude-sonnet-4-5',
      provider: side('5', null),
      metered: side('5', 400),
      difference: { ...side('0', null), input_tokens: 0, output_tokens: 0 },
      causes: [],
      revised_at: '2026-11-20T00:00:00Z',
    },
  ],
  not_compared: [{ provider_name: 'mistral', metered: side('0.75', 12) }],
};

export function connection(part: Partial<ProviderConnection> = {}): ProviderConnection {
  return {
    id: 'p-1',
    provider: 'openai',
    name: 'Production',
    base_url: null,
    enabled: true,
    is_fixed: false,
    project_map: {},
    key_map: {},
    created_at: '2026-11-01T00:00:00Z',
    state: {
      healthy: true,
      why: 'every report was read',
      last_success_at: '2026-11-22T10:29:00Z',
      last_error: null,
      next_at: '2026-11-22T10:34:00Z',
      covers: { from: '2026-10-01', to: '2026-11-22' },
      backfill: { done_buckets: 12, of: 31 },
      revised: { buckets: 2, last_at: '2026-11-20T00:00:00Z' },
      clock_skew_seconds: 0,
      reports: [],
    },
    ...part,
  };
}

const CONNECTIONS = [
  connection(),
  connection({
    id: 'p-2',
    provider: 'anthropic',
    name: 'Research',
    state: {
      healthy: false,
      why: 'it refuses the key',
      last_success_at: null,
      last_error: {
        code: 'unauthorized',
        message: 'The provider refused the key (401).',
        at: '2026-11-22T10:00:00Z',
      },
      next_at: '2026-11-22T11:00:00Z',
      covers: null,
      backfill: { done_buckets: 0, of: 0 },
      revised: { buckets: 0, last_at: null },
      clock_skew_seconds: 0,
      reports: [],
    },
  }),
];

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
  return found ?? new Refusal(404, { error: 'Not found', code: 'not_found', message: `nothing at ${path}` });
};
