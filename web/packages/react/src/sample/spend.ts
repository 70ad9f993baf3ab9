import type {
  BudgetStatus,
  CostIntelligence,
  ModelComparison,
  ModelCost,
  SpendDashboard,
  UsageData,
} from '@meterwire/client';
import {
  cells,
  DAY_MS,
  dayOf,
  HOUR_MS,
  instant,
  STREAMS,
  startOfDay,
  startOfMonth,
  sumOf,
  usdNumber,
} from './model.ts';
import { bucketsOf } from './span.ts';

const REASON = 'these numbers are made up';
const BUDGET_DOLLARS = 100;

const frame = (now: number) => ({
  // The closest of the kinds that such an answer has; what is made up is said around it.
  source: 'metered' as const,
  source_reason: REASON,
  as_of: instant(now),
  tz: 'UTC',
});

function modelsOf(from: number, to: number, now: number): ModelCost[] {
  const some = cells(from, to, now);
  const whole = sumOf(some).costNanos;
  const models = STREAMS.map(({ model, provider }): ModelCost => {
    const sum = sumOf(some.filter(({ stream }) => stream.model === model));
    const per1k = sum.tokens === 0 ? null : usdNumber(Math.round((sum.costNanos / sum.tokens) * 1000));
    return {
      model,
      provider,
      operation: 'chat',
      cost: usdNumber(sum.costNanos),
      tokens: sum.tokens,
      input_tokens: sum.inputTokens,
      output_tokens: sum.outputTokens,
      requests: sum.calls,
      errors: sum.errors,
      unpriced_requests: 0,
      percentage: whole === 0 ? 0 : Math.round((sum.costNanos / whole) * 1000) / 10,
      cost_per_1k_tokens: per1k,
      efficiency_score: null,
    };
  });
  return models.sort((a, b) => b.cost - a.cost);
}

function dataOf(from: number, to: number, now: number): UsageData {
  const sum = sumOf(cells(from, to, now));
  return {
    ...frame(now),
    from: instant(from),
    to: instant(to),
    total_cost: usdNumber(sum.costNanos),
    total_tokens: sum.tokens,
    total_requests: sum.calls,
    unpriced_requests: 0,
    model_breakdown: modelsOf(from, to, now),
    daily_breakdown: bucketsOf({ from, to: Math.min(to, now) }, 'day').map((day) => {
      const part = sumOf(cells(day.from, day.to, now));
      return {
        date: day.label,
        cost: usdNumber(part.costNanos),
        tokens: part.tokens,
        requests: part.calls,
      };
    }),
  };
}

export function currentMonth(now: number): UsageData {
  return dataOf(startOfMonth(now), startOfMonth(now, 1), now);
}

export function today(now: number): UsageData {
  const from = startOfDay(now);
  return {
    ...dataOf(from, from + DAY_MS, now),
    hourly_breakdown: bucketsOf({ from, to: now }, 'hour').map((hour) => {
      const part = sumOf(cells(hour.from, hour.from + HOUR_MS, now));
      return {
        hour: hour.label,
        from: hour.start,
        cost: usdNumber(part.costNanos),
        tokens: part.tokens,
        requests: part.calls,
      };
    }),
  };
}

export function budgetStatus(now: number): BudgetStatus {
  const [from, to] = [startOfMonth(now), startOfMonth(now, 1)];
  const spent = sumOf(cells(from, to, now)).costNanos;
  const days = Math.floor((startOfDay(now) - from) / DAY_MS) + 1;
  const projected = Math.round((spent / Math.max(1, now - from)) * (to - from));
  const used = Math.round((usdNumber(spent) / BUDGET_DOLLARS) * 1000) / 10;
  return {
    ...frame(now),
    from: instant(from),
    to: instant(to),
    budget_id: 'sample-budget',
    budget_name: 'Sample budget',
    monthly_budget: BUDGET_DOLLARS,
    current_spend: usdNumber(spent),
    held: 0,
    budget_used_percentage: used,
    projected_monthly_spend: usdNumber(projected),
    days_remaining: Math.round((to - startOfDay(now)) / DAY_MS) - 1,
    daily_average: usdNumber(Math.round(spent / days)),
    is_over_budget: used >= 100,
    budget_alert_level: used >= 95 ? 'critical' : used >= 80 ? 'warning' : 'normal',
    recommendations: [],
  };
}

export function modelComparison(now: number): ModelComparison {
  const [from, to] = [startOfMonth(now), startOfMonth(now, 1)];
  return {
    ...frame(now),
    from: instant(from),
    to: instant(to),
    models: modelsOf(from, to, now),
    recommendations: [],
    total_cost: usdNumber(sumOf(cells(from, to, now)).costNanos),
  };
}

export function costIntelligence(workspaceId: string, now: number): CostIntelligence {
  const [from, to] = [startOfMonth(now), startOfMonth(now, 1)];
  const sum = sumOf(cells(from, to, now));
  return {
    source: 'metered',
    as_of: instant(now),
    tz: 'UTC',
    from: instant(from),
    to: instant(to),
    workspace_id: workspaceId,
    // Advice about made-up usage would be advice about nothing.
    alerts: [],
    recommendations: [],
    potential_savings: 0,
    enough_data: true,
    requests: sum.calls,
    total_cost: usdNumber(sum.costNanos),
    not_judged: [],
  };
}

export function dashboard(workspaceId: string, now: number): SpendDashboard {
  return {
    workspace_id: workspaceId,
    current_month: currentMonth(now),
    today: today(now),
    budget_status: budgetStatus(now),
    model_comparison: modelComparison(now),
    cost_intelligence: costIntelligence(workspaceId, now),
    source: 'metered',
    as_of: instant(now),
  };
}

/** One line a day, for whoever takes a sample away. */
export function dailyCsv(now: number): string {
  const from = startOfDay(now) - 29 * DAY_MS;
  const lines = bucketsOf({ from, to: now }, 'day').map((day) => {
    const { calls, tokens, costNanos } = sumOf(cells(day.from, day.to, now));
    return `${dayOf(day.from)},${calls},${tokens},${usdNumber(costNanos)}`;
  });
  return ['# Sample data: made up, not anybody’s usage', 'date,calls,tokens,cost_usd', ...lines, ''].join(
    '\n',
  );
}
