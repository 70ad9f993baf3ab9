import type { Me } from '@meterwire/client';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BudgetsState, DEFAULT_BUDGETS } from '../../logic/budget/state.ts';
import { me } from '../../testing/fixtures.ts';
import { BUDGETS, budget, closing, moneyAnswers } from '../../testing/moneyFixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { BudgetsOverview, type BudgetsOverviewProps } from './BudgetsOverview.tsx';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T10:30:05Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

interface PageProps {
  who: Partial<Me>;
  start: Partial<BudgetsState>;
  onShowUsage: BudgetsOverviewProps['onShowUsage'];
}

/** Keeps the state as the address would. */
function Page({ who, start, onShowUsage }: PageProps) {
  const [state, setState] = useState<BudgetsState>({ ...DEFAULT_BUDGETS, ...start });
  return <BudgetsOverview me={me(who)} state={state} onStateChange={setState} onShowUsage={onShowUsage} />;
}

const showPage = (
  who: Partial<Me> = {},
  start: Partial<BudgetsState> = {},
  answer: Answer = moneyAnswers,
  onShowUsage?: BudgetsOverviewProps['onShowUsage'],
) => show(<Page who={who} start={start} onShowUsage={onShowUsage} />, { answer });

/** Records what is written, and answers it with `reply`. */
function recording(method: string, reply: unknown): { sent: unknown[]; answer: Answer } {
  const sent: unknown[] = [];
  return {
    sent,
    answer: async (url, request) => {
      if (request.method !== method) return moneyAnswers(url, request);
      const text = await request.text();
      sent.push(text ? [url.pathname, JSON.parse(text)] : url.pathname);
      return reply;
    },
  };
}

test('budgets stand in a table, parts below the whole, and say where they stand', async () => {
  showPage();
  const table = await screen.findByRole('table');
  expect(
    within(table)
      .getAllByRole('rowheader')
      .map((head) => head.textContent),
  ).toEqual([
    'All usage Everything',
    'Support HardProject support-bot, Model gpt-4o',
    'Care Department care, part of Support',
    'Research Department research, part of Support',
  ]);
  const care = within(table).getByRole('meter', { name: 'Budget Care' });
  expect(care.getAttribute('aria-valuetext')).toBe('$22.50 of $20.00, 112.5 %, Over budget');
  expect(care.className).toContain('mw-meter-full');
  expect(within(table).getByText('$2.50 over')).toBeTruthy();
  expect(within(table).getByRole('meter', { name: 'Budget All usage' }).className).toContain('mw-meter-good');
});

test('a viewer reads and changes nothing', async () => {
  showPage({ role: 'viewer' }, { budget: 'b-2' });
  await screen.findByRole('region', { name: 'Budget Support' });
  await screen.findByRole('figure');
  expect(screen.queryByRole('button', { name: /Add|Edit|Split|Delete/ })).toBeNull();
});

test('a member sees what is spent, and nothing of the whole tenant', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const { asked } = showPage({ role: 'member', user: 'u-1' });
  await screen.findByRole('meter', { name: 'All usage' });
  expect(screen.getByRole('tab', { name: 'Spend and insights', selected: true })).toBeTruthy();
  expect(screen.queryByRole('tab', { name: 'Closed months' })).toBeNull();
  expect(asked.some(({ pathname }) => pathname.includes('/v1/budgets'))).toBe(false);
});

test('a key that reads nothing is told what it needs', () => {
  const { asked } = showPage({ role: 'ingest' });
  expect(screen.getByText(/Sign in with an owner, member or viewer key/)).toBeTruthy();
  expect(asked).toEqual([]);
});

test('a budget is added with exact money, and the zone of the tenant where none is named', async () => {
  const { sent, answer } = recording('POST', budget({ name: 'Search' }));
  showPage({}, {}, answer);
  await userEvent.click(await screen.findByRole('button', { name: 'Add a budget' }));
  const form = screen.getByRole('form', { name: 'New budget' });
  await userEvent.click(within(form).getByRole('button', { name: 'Add the budget' }));
  expect(within(form).getByText('Enter a name, such as Support.')).toBeTruthy();
  expect(document.activeElement).toBe(within(form).getByRole('textbox', { name: 'Name' }));
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'Search');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Amount, US dollars' }), '$1,000.000000001');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Period' }), 'Custom');
  await userEvent.type(within(form).getByLabelText('First day'), '2026-11-03');
  await userEvent.click(within(form).getByRole('button', { name: 'Add a condition' }));
  await userEvent.type(within(form).getByRole('textbox', { name: 'Condition 1, value' }), 'search');
  await userEvent.click(within(form).getByRole('switch', { name: 'Hard' }));
  await userEvent.click(within(form).getByRole('switch', { name: 'Allow models without a price' }));
  await userEvent.click(await within(form).findByRole('checkbox', { name: 'Ops' }));
  await userEvent.click(within(form).getByRole('button', { name: 'Add the budget' }));
  await screen.findByText('Added the budget Search. $61.20 of it is spent already.');
  expect(sent).toEqual([
    [
      '/api/v1/budgets',
      {
        name: 'Search',
        amount_usd: '1000.000000001',
        period: 'custom',
        anchor: '2026-11-03',
        days: 14,
        timezone: null,
        scope: { project: 'search' },
        hard: true,
        allow_unpriced: true,
        thresholds: [0.5, 0.8, 0.95, 1],
        channels: ['c-2'],
      },
    ],
  ]);
});

test('of a changed budget only the change is sent, and a refusal keeps the form', async () => {
  const sent: unknown[] = [];
  let refuse = true;
  showPage({}, { budget: 'b-2' }, async (url, request) => {
    if (request.method !== 'PATCH') return moneyAnswers(url, request);
    sent.push([url.pathname, await request.json()]);
    const detail = { error: 'Conflict', code: 'conflict', message: 'its parts are $50 already' };
    return refuse ? new Refusal(409, detail) : budget({ name: 'Support' });
  });
  const region = await screen.findByRole('region', { name: 'Budget Support' });
  await userEvent.click(await within(region).findByRole('button', { name: 'Edit' }));
  const amount = within(region).getByRole('textbox', { name: 'Amount, US dollars' });
  expect((amount as HTMLInputElement).value).toBe('50.00');
  await userEvent.clear(amount);
  await userEvent.type(amount, '40');
  await userEvent.click(within(region).getByRole('button', { name: 'Save budget' }));
  expect((await within(region).findByRole('alert')).textContent).toBe('its parts are $50 already');
  expect((amount as HTMLInputElement).value).toBe('40');
  refuse = false;
  await userEvent.click(within(region).getByRole('button', { name: 'Save budget' }));
  await screen.findByText('Saved the budget Support.');
  expect(sent).toEqual(Array(2).fill(['/api/v1/budgets/b-2', { amount_usd: '40' }]));
});

test('a budget is split into amounts and shares, all at once', async () => {
  const { sent, answer } = recording('POST', { items: [] });
  showPage({}, { budget: 'b-1' }, answer);
  const region = await screen.findByRole('region', { name: 'Budget All usage' });
  await userEvent.click(await within(region).findByRole('button', { name: 'Split' }));
  const form = within(region).getByRole('form', { name: 'Split the budget All usage' });
  await userEvent.type(within(form).getByRole('textbox', { name: 'Department of part 1' }), 'care');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Amount of part 1' }), '60');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Department of part 2' }), 'research');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Amount of part 2' }), '140 %');
  await userEvent.click(within(form).getAllByRole('button', { name: 'Split' }).at(-1) as HTMLElement);
  expect(within(form).getByText('Enter above 0 to 100 %.')).toBeTruthy();
  await userEvent.clear(within(form).getByRole('textbox', { name: 'Amount of part 2' }));
  await userEvent.type(within(form).getByRole('textbox', { name: 'Amount of part 2' }), '12.5 %');
  await userEvent.click(within(form).getAllByRole('button', { name: 'Split' }).at(-1) as HTMLElement);
  await screen.findByText('Split All usage into 2 parts.');
  expect(sent).toEqual([
    [
      '/api/v1/budgets/b-1/split',
      {
        by: 'department',
        parts: [
          { value: 'care', amount_usd: '60' },
          { value: 'research', share: 0.125 },
        ],
      },
    ],
  ]);
});

test('past periods are drawn against the budget and can be read as a table', async () => {
  showPage({}, { budget: 'b-1' });
  const figure = await screen.findByRole('figure', {
    name: 'Past periods of All usage. Over the budget in 1 of 4 periods.',
  });
  expect(
    within(figure)
      .getAllByRole('img')
      .map((bar) => bar.getAttribute('aria-label')),
  ).toEqual([
    'Aug 2026: $72.50, of $80.00',
    'Sep 2026: $88.123456789, of $80.00, over budget',
    'Oct 2026: $93.40, of $100.00',
    'Nov 2026, so far: $61.204, of $100.00',
  ]);
  await userEvent.click(screen.getByRole('button', { name: 'View as table: Past periods of All usage' }));
  const table = within(screen.getByRole('region', { name: 'Past periods of All usage, table' }));
  expect(table.getAllByRole('row')).toHaveLength(5);
});

test('the default budget cannot be deleted, another one after a question', async () => {
  const { sent, answer } = recording('DELETE', {});
  showPage({}, { budget: 'b-1' }, answer);
  await screen.findByRole('button', { name: 'Split' });
  expect(screen.queryByRole('button', { name: 'Delete…' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Support' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete…' }));
  const dialog = screen.getByRole('dialog', { name: 'Delete the budget Support?' });
  expect(dialog.textContent).toContain('it refuses nothing');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete the budget' }));
  await screen.findByText('Deleted the budget Support.');
  expect(sent).toEqual(['/api/v1/budgets/b-2']);
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Budget Support' })).toBeNull());
});

test('the spent amount leads to the usage behind it', async () => {
  const onShowUsage = vi.fn();
  showPage({}, { budget: 'b-2' }, moneyAnswers, onShowUsage);
  await userEvent.click(await screen.findByRole('button', { name: 'Show its usage' }));
  expect(onShowUsage).toHaveBeenCalledExactlyOnceWith({
    from: '2026-11-16T00:00:00Z',
    to: '2026-11-23T00:00:00Z',
    zone: 'UTC',
    scope: { project: 'support-bot', model: 'gpt-4o' },
  });
});

test('a name that was clicked opens the budget and brings the keyboard there', async () => {
  showPage();
  await userEvent.click(await screen.findByRole('button', { name: 'Research' }));
  const title = await screen.findByRole('heading', { level: 2, name: 'Research' });
  expect(document.activeElement).toBe(title);
});

test('an error says what to do, and shows no number', async () => {
  showPage(
    {},
    {},
    () =>
      new Refusal(500, {
        error: 'Internal error',
        code: 'internal',
        message: 'Something broke.',
        request_id: 'req-7',
      }),
  );
  expect((await screen.findByRole('alert')).textContent).toContain('req-7');
  expect(screen.queryByRole('meter')).toBeNull();
});

test('more budgets are shown a page after the other', async () => {
  showPage({}, {}, (url, request) => {
    if (url.pathname !== '/api/v1/budgets') return moneyAnswers(url, request);
    return url.searchParams.get('cursor') === 'next'
      ? { items: [BUDGETS[1]], nextCursor: null }
      : { items: [budget()], nextCursor: 'next' };
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
  await screen.findByRole('button', { name: 'Support' });
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

test('a project is chosen and its budget and usage shown', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const { asked } = showPage({}, { tab: 'spend' });
  await screen.findByRole('meter', { name: 'All usage' });
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Project' }), 'support-bot');
  await waitFor(() =>
    expect(asked.some(({ pathname }) => pathname === '/api/usage/dashboard/support-bot')).toBe(true),
  );
});

test('a month is closed after a question that says what it does', async () => {
  const { sent, answer } = recording('POST', closing({ cost_usd: '93.4' }));
  showPage({}, { tab: 'closings' }, answer);
  await userEvent.click(await screen.findByRole('button', { name: 'Close a month…' }));
  const dialog = screen.getByRole('dialog', { name: 'Close a month?' });
  const months = within(dialog).getByRole('combobox', { name: 'Month (UTC)' });
  const names = within(months)
    .getAllByRole('option')
    .map((option) => (option as HTMLOptionElement).value);
  expect(names).not.toContain('2026-09');
  await userEvent.selectOptions(months, '2026-08');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close Aug 2026' }));
  await screen.findByText('Closed Aug 2026 at $93.40.');
  expect(sent).toEqual([['/api/v1/closings', { month: '2026-08' }]]);
});

test('statement and adjustment stand beside today, to the last digit, event by event', async () => {
  showPage({}, { tab: 'closings' });
  await userEvent.click(await screen.findByRole('button', { name: 'Show the statement of Sep 2026' }));
  await screen.findByText('$87.873456789');
  expect(screen.getByText(closing().sha256)).toBeTruthy();
  const row = within(screen.getByRole('region', { name: 'Adjustment of Sep 2026, table' })).getAllByRole(
    'row',
  )[1];
  expect(row?.textContent).toBe('Wed 30 Sep 2026openai · gpt-4o · support-bot−1$1.50−$0.35$1.15');
  await userEvent.click(screen.getByRole('button', { name: 'Show the events' }));
  const events = await screen.findByRole('region', { name: 'Events that changed Sep 2026, table' });
  expect(within(events).getAllByRole('row')[1]?.textContent).toContain('Voidedapi / chat-1');
});

test('the frozen statement is fetched with the key in use and kept under its name', async () => {
  const kept: string[] = [];
  const made = vi.fn(() => 'blob:x');
  Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => {} });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    kept.push(this.download);
  });
  const { asked } = showPage({}, { tab: 'closings' }, (url, request) =>
    url.pathname.endsWith('/statement') ? { frozen: true } : moneyAnswers(url, request),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Show the statement of Sep 2026' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Statement of Sep 2026 as CSV' }));
  await waitFor(() => expect(kept).toEqual(['statement_2026-09.csv']));
  expect(made).toHaveBeenCalledOnce();
  expect(asked.at(-1)?.pathname).toBe('/api/v1/closings/x-1/statement');
  expect(asked.at(-1)?.searchParams.get('format')).toBe('csv');
});

test('a month is reopened after a question', async () => {
  const { sent, answer } = recording('DELETE', {});
  showPage({}, { tab: 'closings' }, answer);
  await userEvent.click(await screen.findByRole('button', { name: 'Reopen Sep 2026' }));
  await userEvent.click(screen.getByRole('button', { name: 'Reopen the month' }));
  await screen.findByText('Reopened Sep 2026.');
  expect(sent).toEqual(['/api/v1/closings/x-1']);
});
