import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  budgetStatus,
  dashboard,
  intelligence,
  moneyAnswers,
  usageData,
} from '../../testing/moneyFixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { BudgetCardV2 } from '../BudgetCardV2/BudgetCardV2.tsx';

const pathsOf = (asked: readonly URL[]) => asked.map(({ pathname }) => pathname);

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
});

const answering =
  (path: string, answer: unknown): Answer =>
  (url, request) =>
    url.pathname === path ? answer : moneyAnswers(url, request);

test('a workspace is asked in one question and shows real costs in three tabs', async () => {
  const { asked } = show(<BudgetCardV2 workspaceId="support-bot" />, { answer: moneyAnswers });
  await screen.findByText('At this pace the period comes to $85.32, within the budget of $100.00.', {
    exact: false,
  });
  expect(pathsOf(asked)).toEqual(['/api/usage/dashboard/support-bot']);
  expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
    'Overview',
    'Model Costs',
    'AI Insights',
  ]);
  const meter = screen.getByRole('meter', { name: 'All usage' });
  expect(meter.getAttribute('aria-valuetext')).toBe('$61.20 of $100.00, 61.2 %, On track');
  expect(meter.className).toContain('mw-meter-good');
  expect(screen.getByText('Live')).toBeTruthy();
  expect(console.info).toHaveBeenCalledExactlyOnceWith('Usage API detected, using enhanced version');
});

test.each([
  ['warning', false, 'Warning', 'near'],
  ['critical', false, 'Critical', 'full'],
  ['critical', true, 'Over budget', 'full'],
] as const)('the level %s (over: %s) is said in a word and a colour', async (level, over, word, tone) => {
  const status = budgetStatus({ budget_alert_level: level, is_over_budget: over });
  show(<BudgetCardV2 workspaceId="support-bot" />, {
    answer: answering('/api/usage/dashboard/support-bot', dashboard({ budget_status: status })),
  });
  const meter = await screen.findByRole('meter', { name: 'All usage' });
  expect(meter.className).toContain(`mw-meter-${tone}`);
  expect(screen.getByText(new RegExp(`^${word}`))).toBeTruthy();
});

test('without a workspace the tenant is shown, and insights ask for a project', async () => {
  const { asked } = show(<BudgetCardV2 />, { answer: moneyAnswers });
  await screen.findByRole('meter', { name: 'All usage' });
  expect(pathsOf(asked).sort()).toEqual([
    '/api/usage/budget-status',
    '/api/usage/current-month',
    '/api/usage/model-comparison',
    '/api/usage/today',
  ]);
  await userEvent.click(screen.getByRole('tab', { name: 'AI Insights' }));
  expect(screen.getByText(/Choose a project/)).toBeTruthy();
});

test('every day of the month can be read as a table, and today hour by hour', async () => {
  show(<BudgetCardV2 workspaceId="support-bot" />, { answer: moneyAnswers });
  const figure = await screen.findByRole('figure', { name: /^Spend this month by day\. Most on/ });
  expect(within(figure).getAllByRole('img')).toHaveLength(22);
  expect(
    within(figure).getByRole('img', { name: 'Sun 22 Nov 2026, so far: $1.104, average $2.85' }),
  ).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'Today' }));
  await userEvent.click(screen.getByRole('button', { name: 'View as table: Spend today by hour' }));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows).toHaveLength(12);
  expect(rows.at(-1)?.textContent).toBe('Sun 22 Nov 2026, 10:00 so far$0.10');
});

test('models show what they cost, and where the score comes from', async () => {
  show(<BudgetCardV2 workspaceId="support-bot" tab="models" onTabChange={() => {}} />, {
    answer: moneyAnswers,
  });
  const row = await screen.findByRole('row', { name: /^gpt-4oopenai|^gpt-4o\s+openai/ });
  expect(row.textContent).toContain('$40.50');
  expect(row.textContent).toContain('12,345');
  expect(screen.getByRole('row', { name: /^Total/ }).textContent).toContain('$61.20');
  expect(screen.getByText(/the lowest cost per 1K tokens/)).toBeTruthy();
});

test('what another model would have cost is asked of the server', async () => {
  const { asked } = show(<BudgetCardV2 workspaceId="support-bot" tab="models" onTabChange={() => {}} />, {
    answer: moneyAnswers,
  });
  const form = await screen.findByRole('region', { name: 'What if' });
  await userEvent.click(within(form).getByRole('button', { name: 'Reckon' }));
  expect(document.activeElement).toBe(within(form).getByRole('combobox', { name: 'take' }));
  await userEvent.type(within(form).getByRole('combobox', { name: 'take' }), 'gpt-4o-mini{Enter}');
  await screen.findByText('−$38.07');
  expect(form.textContent).toContain('−94 %');
  expect(form.textContent).toContain('3 calls keep what they cost');
  const url = asked.find(({ pathname }) => pathname === '/api/v1/usage/what-if');
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    instead: 'gpt-4o-mini',
    model: 'gpt-4o',
    workspace: 'support-bot',
  });
});

test('insights say what they are worth and from which rows', async () => {
  show(<BudgetCardV2 workspaceId="support-bot" tab="insights" onTabChange={() => {}} />, {
    answer: moneyAnswers,
  });
  const cards = await screen.findAllByRole('article');
  expect(cards.map((card) => card.getAttribute('aria-label'))).toEqual([
    'gpt-4o takes 66 % of the money',
    '400 calls were made twice',
    'Few tokens come from the cache',
  ]);
  const second = cards[1];
  if (!second) throw new Error('a second card is expected');
  expect(second.textContent).toContain('Saves $1.60');
  expect(within(second).getByRole('table', { hidden: true }).textContent).toContain(
    'ab12250$1.00api / chat-1',
  );
  expect(screen.getByText(/Four weeks of the same weekday/)).toBeTruthy();
});

test('too little data is said, not hidden behind a clean page', async () => {
  const few = intelligence({
    alerts: [],
    enough_data: false,
    requests: 12,
    potential_savings: 0,
    not_judged: [],
  });
  show(<BudgetCardV2 workspaceId="support-bot" tab="insights" onTabChange={() => {}} />, {
    answer: answering('/api/usage/dashboard/support-bot', dashboard({ cost_intelligence: few })),
  });
  await screen.findByText(/12 requests of 1–30 Nov 2026 are too few/);
});

test('where only requests are counted, the limits are shown instead', async () => {
  show(<BudgetCardV2 workspaceId="support-bot" />, {
    answer: answering(
      '/api/usage/dashboard/support-bot',
      dashboard({ budget_status: budgetStatus({ source: 'quota' }) }),
    ),
  });
  await screen.findByRole('meter', { name: 'API calls' });
  expect(screen.queryByRole('tab')).toBeNull();
  expect(console.info).toHaveBeenCalledExactlyOnceWith(
    'Usage API not available, falling back to quota system',
  );
});

test('a server that has no costs to tell now falls back, any other error is an error', async () => {
  const refusal = (status: number) =>
    new Refusal(status, { error: 'Not now', code: 'x', message: 'Something broke.', request_id: 'req-7' });
  const { unmount } = show(<BudgetCardV2 workspaceId="support-bot" />, {
    answer: answering('/api/usage/dashboard/support-bot', refusal(503)),
  });
  await screen.findByRole('meter', { name: 'API calls' });
  unmount();
  show(<BudgetCardV2 workspaceId="support-bot" />, {
    answer: answering('/api/usage/dashboard/support-bot', refusal(500)),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('req-7');
  expect(screen.queryByRole('meter')).toBeNull();
});

test('numbers that cannot be asked for again stay, and are not called live', async () => {
  let broken = false;
  const { queryClient } = show(<BudgetCardV2 workspaceId="support-bot" />, {
    answer: (url, request) =>
      broken
        ? new Refusal(500, { error: 'x', code: 'x', message: 'Something broke.' })
        : moneyAnswers(url, request),
  });
  await screen.findByText('Live');
  broken = true;
  await queryClient.invalidateQueries();
  await screen.findByText('Not live');
  expect(screen.getByRole('alert').textContent).toContain('Something broke.');
  expect(screen.getByText('10:30:05')).toBeTruthy();
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await screen.findByText('Live');
});

test('new numbers are asked for by themselves', async () => {
  let spent = 61.204;
  const { asked } = show(<BudgetCardV2 workspaceId="support-bot" />, {
    refreshMs: 30,
    answer: (url, request) =>
      url.pathname.includes('dashboard')
        ? dashboard({ budget_status: budgetStatus({ current_spend: spent }), current_month: usageData() })
        : moneyAnswers(url, request),
  });
  await screen.findByText('$61.20');
  spent = 70;
  await screen.findByText('$70.00');
  await waitFor(() => expect(asked.length).toBeGreaterThan(2));
});
