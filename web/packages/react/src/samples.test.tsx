// How apps use the package, as its requirements show it. What does not compile here would not compile there.
import { createApi } from '@meterwire/client';
import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type BudgetStatus,
  MiniStat,
  ProgressBar,
  ProjectBreakdownChart,
  ProviderBreakdownChart,
  QuotaWidget,
  StatCard,
  type UsageData,
  UsageOverview,
  UsagePage,
  UsageSummary,
  type UsageStats,
  useUsage,
} from './index.ts';
import BudgetCardV2 from './components/BudgetCardV2/BudgetCardV2.tsx';
import { moneyAnswers } from './testing/moneyFixtures.ts';
import { type Answer, Refusal, show, usualAnswers } from './testing/render.tsx';
import { live, quota, stats } from './testing/liveFixtures.ts';

const answers: Answer = (url, request) => {
  if (url.pathname === '/api/v1/usage/summary') return live.summary;
  if (url.pathname === '/api/v1/usage/daily') return live.daily;
  if (url.pathname === '/api/tenants/acme/usage/') return stats();
  if (url.pathname === '/api/tenants/acme/quota') return quota();
  return usualAnswers(url, request);
};

function UsageComponent() {
  const { summary, dailyUsage, loading, error, refetch } = useUsage(7);
  if (loading) return <div>Loading...</div>;
  if (error) return <div>Error: {error}</div>;
  return (
    <div>
      <h2>Total Calls: {summary?.total_calls}</h2>
      <h3>Estimated Cost: ${summary?.est_cost_cents / 100}</h3>
      <p>{dailyUsage.map(({ date, calls }) => `${date}: ${calls}`).join(', ')}</p>
      <button type="button" onClick={refetch}>
        Refresh
      </button>
    </div>
  );
}

test('the hook tells loading, then totals and days, and asks again', async () => {
  const { asked } = show(<UsageComponent />, { answer: answers });
  expect(screen.getByText('Loading...')).toBeTruthy();
  await screen.findByRole('heading', { name: 'Total Calls: 1250' });
  expect(screen.getByRole('heading', { name: 'Estimated Cost: $25' })).toBeTruthy();
  expect(screen.getByText('2026-11-20: 180, 2026-11-21: 195, 2026-11-22: 165')).toBeTruthy();
  expect(asked.map(({ pathname, search }) => pathname + search)).toEqual([
    '/api/v1/usage/summary',
    '/api/v1/usage/daily?days=7',
  ]);
  screen.getByRole('button', { name: 'Refresh' }).click();
  await waitFor(() => expect(asked).toHaveLength(4));
});

test('the hook tells an error in words where nothing may stand in for it', async () => {
  show(<UsageComponent />, {
    answer: () => new Refusal(503, { error: 'x', code: 'unavailable', message: 'The store is busy' }),
  });
  expect((await screen.findByText(/^Error:/)).textContent).toBe('Error: The store is busy.');
});

test('the page shows what the hook tells', async () => {
  show(<UsagePage />, { answer: answers });
  expect(await screen.findByText('1,250')).toBeTruthy();
  expect(screen.getByText('$25.00')).toBeTruthy();
  const figure = screen.getByRole('figure', { name: 'Calls in the last 7 days. 540 calls over 3 days.' });
  expect(within(figure).getAllByRole('img')).toHaveLength(3);
});

test('the overview of a tenant has its four figures and a way to the details', async () => {
  const tenantSlug = 'acme';
  show(<UsageOverview tenantSlug={tenantSlug} />, { answer: answers });
  const card = await screen.findByRole('region', { name: 'Usage overview' });
  await within(card).findByText('15,847');
  const terms = within(card)
    .getAllByRole('term')
    .map(({ textContent }) => textContent);
  expect(terms).toEqual(['API calls', 'Tokens', 'Cost', 'Success rate']);
  expect(card.textContent).toContain('$312.40');
  expect(card.textContent).toContain('98.6 %');
  expect(within(card).getByRole('link', { name: 'View details of usage' }).getAttribute('href')).toBe(
    '/dashboard/acme/usage',
  );
});

test('the quota of a tenant has three bars, and says which of them is nearly full', async () => {
  const tenantSlug = 'acme';
  show(<QuotaWidget tenantSlug={tenantSlug} />, { answer: answers });
  const meters = await screen.findAllByRole('meter');
  expect(
    meters.map((meter) => [meter.getAttribute('aria-label'), meter.getAttribute('aria-valuetext')]),
  ).toEqual([
    ['API calls', '1,584 of 5,000, 31.7 %'],
    ['Tokens', '2,800,000 of 3,000,000, 93.3 %'],
    ['Spend', '$96.50 of $100.00, 96.5 %'],
  ]);
  expect(screen.getByRole('status').textContent).toBe(
    'Tokens: 93 % of the limit is used · Spend: 96 % of the limit is used',
  );
});

test('single figures need no server and no provider', () => {
  const { container } = render(
    <>
      <StatCard title="API Calls" value={15847} change={12.5} trend="up" icon="chart" />
      <MiniStat label="Tokens" value="2.8M" color="purple" />
      <ProgressBar label="Usage" value={1584} max={5000} color="blue" />
    </>,
  );
  expect(container.textContent).toContain('15,847');
  expect(container.querySelector('.mw-tile-purple')?.textContent).toBe('Tokens2.8M');
  expect(screen.getByRole('meter', { name: 'Usage' }).getAttribute('aria-valuetext')).toBe(
    '1,584 of 5,000, 31.7 %',
  );
});

test('the card of a workspace is imported by default', async () => {
  const workspaceId = 'support-bot';
  show(<BudgetCardV2 workspaceId={workspaceId} />, { answer: moneyAnswers });
  await screen.findByRole('tab', { name: 'Overview' });
  expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
    'Overview',
    'Model Costs',
    'AI Insights',
  ]);
});

test('charts draw what an app brings, or ask for themselves', async () => {
  const providers = [
    { providerName: 'anthropic', tokens: 250 },
    { providerName: 'openai', tokens: 750, cost: 1.5 },
  ];
  const { asked, container } = show(
    <>
      <ProviderBreakdownChart data={providers} />
      <ProjectBreakdownChart data={[{ projectName: 'chat', tokens: 1000 }]} />
    </>,
    { answer: answers },
  );
  const [donut] = screen.getAllByRole('figure');
  expect(donut?.getAttribute('aria-label')).toBe(
    'Tokens by provider. openai has 75.0 % of 1,000 tokens, followed by anthropic with 25.0 %.',
  );
  expect(container.querySelectorAll('.mw-slice')).toHaveLength(2);
  expect(asked).toHaveLength(0);
});

test('the summary takes no props', async () => {
  show(<UsageSummary />, { answer: answers });
  await screen.findByRole('group', { name: 'Totals' });
});

test('the six questions have the names that apps call', async () => {
  const asked: string[] = [];
  const api = createApi({
    baseUrl: 'http://meterwire.test',
    fetch: async ({ url }) => {
      asked.push(new URL(url).pathname);
      return Response.json({});
    },
  });
  const workspaceId = 'support-bot';
  await api.usage.getCurrentMonth();
  await api.usage.getToday();
  await api.usage.getBudgetStatus();
  await api.usage.getModelComparison();
  await api.usage.getCostIntelligence(workspaceId);
  await api.usage.getDashboard(workspaceId);
  expect(asked).toEqual([
    '/api/usage/current-month',
    '/api/usage/today',
    '/api/usage/budget-status',
    '/api/usage/model-comparison',
    '/api/usage/cost-intelligence/support-bot',
    '/api/usage/dashboard/support-bot',
  ]);
});

test('types hold what apps were promised', () => {
  expectTypeOf<UsageData>().toExtend<{
    total_cost: number;
    total_tokens: number;
    total_requests: number;
    model_breakdown: unknown[];
    daily_breakdown?: unknown[];
  }>();
  expectTypeOf<BudgetStatus>().toExtend<{
    monthly_budget: number;
    current_spend: number;
    budget_used_percentage: number;
    projected_monthly_spend: number;
    days_remaining: number;
    daily_average: number;
    is_over_budget: boolean;
    budget_alert_level: 'normal' | 'warning' | 'critical';
    recommendations: string[];
  }>();
  // A change against nothing is null: a percentage of zero does not exist.
  expectTypeOf<UsageStats>().toExtend<{
    period: string;
    apiCalls: { total: number; successful: number; failed: number; change: number | null };
    tokens: { total: number; prompt: number; completion: number; change: number | null };
    costs: {
      total: number;
      breakdown: { model: string; cost: number; calls: number }[];
      change: number | null;
    };
    topModels: { model: string; calls: number; tokens: number; cost: number }[];
    dailyUsage: { date: string; calls: number; tokens: number; cost: number }[];
  }>();
});
