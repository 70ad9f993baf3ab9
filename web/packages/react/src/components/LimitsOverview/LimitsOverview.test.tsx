import type { Me } from '@meterwire/client';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS, type LimitsState } from '../../logic/limits/state.ts';
import { me } from '../../testing/fixtures.ts';
import { limitsAnswers, user } from '../../testing/limitsFixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { LimitsOverview } from './LimitsOverview.tsx';

/** Keeps the state as the address would. */
function Page({ who, start }: { who: Partial<Me>; start: Partial<LimitsState> }) {
  const [state, setState] = useState<LimitsState>({ ...DEFAULT_LIMITS, ...start });
  return <LimitsOverview me={me(who)} state={state} onStateChange={setState} />;
}

const showPage = (who: Partial<Me> = {}, start: Partial<LimitsState> = {}, answer: Answer = limitsAnswers) =>
  show(<Page who={who} start={start} />, { answer });

const pathsOf = (asked: readonly URL[]) => asked.map(({ pathname }) => pathname);

test('a member sees its own limits and nothing of others', async () => {
  const { asked } = showPage({ role: 'member', user: 'u-1' });
  await screen.findByText(/u-1 is on the tier free. One limit is near or reached./);
  expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
    'Your limits',
    'Tiers',
    'Metrics',
  ]);
  expect(screen.getAllByRole('heading', { level: 3 }).map((head) => head.textContent)).toEqual([
    'API calls',
    'Deployments',
    'Storage',
  ]);
  expect(pathsOf(asked).some((path) => path.includes('admin') || path === '/api/v1/users')).toBe(false);
});

test('a viewer looks users up and changes nothing', async () => {
  const { asked } = showPage({ role: 'viewer' });
  await userEvent.type(await screen.findByRole('textbox', { name: 'User id' }), 'u-1{Enter}');
  await screen.findByRole('region', { name: 'Limits of u-1' });
  await screen.findByRole('meter', { name: 'API calls' });
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(screen.queryByRole('button', { name: /Reset|Edit/ })).toBeNull();
  expect(asked.find(({ pathname }) => pathname === '/api/usage/status')?.searchParams.get('user')).toBe(
    'u-1',
  );
  expect(pathsOf(asked).some((path) => path.includes('admin'))).toBe(false);
});

test('a user whom nobody has named yet is said to be so', async () => {
  showPage({ role: 'viewer' }, { user: 'u-9' });
  await screen.findByText(/No event or decision has named this user yet/);
});

test('a key that reads nothing is told what it needs', () => {
  showPage({ role: 'ingest' });
  expect(screen.getByText(/Sign in with an owner, member or viewer key/)).toBeTruthy();
  expect(screen.queryByRole('tab')).toBeNull();
});

test('an owner sees who is near a limit, who uses most, and the days', async () => {
  const { asked } = showPage();
  const table = await screen.findByRole('table');
  expect(table.textContent).toContain('Ada');
  expect(table.textContent).toContain('4,900 of 5,000');
  expect(within(table).getByRole('meter', { name: 'API calls of u-1' })).toBeTruthy();
  await screen.findByRole('heading', { name: 'Top users by API calls' });
  const figure = await screen.findByRole('figure', {
    name: /^API calls by day\. Most on Fri 20 Nov: 6,000\./,
  });
  expect(within(figure).getAllByRole('img')).toHaveLength(3);
  expect(within(figure).getByRole('img', { name: 'Sun 22 Nov 2026, so far: 4,950' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'View as table: API calls by day' }));
  const rows = within(screen.getByRole('region', { name: 'API calls by day, table' })).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'DayUsedActive users',
    'Sun 22 Nov 20264,9502',
    'Sat 21 Nov 202600',
    'Fri 20 Nov 20266,0002',
  ]);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Metric' }), 'deployments');
  await screen.findByRole('heading', { name: 'Top users by Deployments' });
  const top = asked.filter(({ pathname }) => pathname.endsWith('top-users'));
  expect(top.map(({ searchParams }) => searchParams.get('metric'))).toEqual(['api_calls', 'deployments']);
});

test('a click on a user near a limit opens it', async () => {
  showPage();
  const table = await screen.findByRole('table');
  await userEvent.click(within(table).getByRole('button', { name: 'Ada' }));
  const region = await screen.findByRole('region', { name: 'Limits of u-1' });
  expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Users');
  await within(region).findByText("instead of the tier's");
  await waitFor(() =>
    expect(within(region).getByRole('heading', { level: 2 }).textContent).toBe('Ada (u-1)'),
  );
});

test('a tier is changed at once and can be taken back', async () => {
  const sent: unknown[] = [];
  let now = 'free';
  showPage({}, { tab: 'users' }, async (url, request) => {
    if (request.method === 'PATCH') {
      const body = (await request.json()) as { tier: string };
      sent.push([url.pathname, body]);
      now = body.tier;
      return user({ tier: now });
    }
    if (url.pathname === '/api/v1/users') return { items: [user({ tier: now })], nextCursor: null };
    return limitsAnswers(url, request);
  });
  const select = await screen.findByRole('combobox', { name: 'Tier of u-1' });
  await waitFor(() => expect(within(select).getAllByRole('option')).toHaveLength(3));
  await userEvent.selectOptions(select, 'pro');
  await screen.findByText('u-1 is on the tier pro now.');
  expect((select as HTMLSelectElement).value).toBe('pro');
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByText('u-1 is on the tier free now.');
  expect(sent).toEqual([
    ['/api/usage/admin/users/u-1', { tier: 'pro' }],
    ['/api/usage/admin/users/u-1', { tier: 'free' }],
  ]);
});

test('own limits of a user are replaced: an empty field is as the tier', async () => {
  const sent: unknown[] = [];
  showPage({}, { tab: 'users', user: 'u-1' }, async (url, request) => {
    if (request.method === 'PUT') {
      sent.push([url.pathname, await request.json()]);
      return { limits: {} };
    }
    return limitsAnswers(url, request);
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the own limits of u-1' }));
  const form = await screen.findByRole('form', { name: 'Own limits of u-1' });
  const field = within(form).getByRole('textbox', { name: 'Deployments' });
  expect((field as HTMLInputElement).value).toBe('25');
  await waitFor(() => expect(field.getAttribute('placeholder')).toBe('As the tier (10)'));
  await userEvent.clear(field);
  await userEvent.type(within(form).getByRole('textbox', { name: 'API calls' }), '9,000');
  await userEvent.click(within(form).getByRole('switch', { name: 'Unlimited: Builds' }));
  await userEvent.click(within(form).getByRole('button', { name: 'Save own limits' }));
  await screen.findByText('Saved the own limits of u-1.');
  expect(sent).toEqual([['/api/v1/users/u-1/limits', { limits: { api_calls: 9000, builds: null } }]]);
});

test('a reset names what it does, and does only that', async () => {
  const sent: unknown[] = [];
  showPage({}, {}, async (url, request) => {
    if (request.method === 'POST') {
      sent.push([url.pathname, await request.json()]);
      return { reset: 12, date: '2026-11-22' };
    }
    return limitsAnswers(url, request);
  });
  await screen.findByRole('table');
  await userEvent.click(screen.getByRole('button', { name: 'Reset counters of everyone…' }));
  const dialog = screen.getByRole('dialog', { name: 'Reset counters of everyone?' });
  expect(dialog.textContent).toContain(
    "Today's counters of everyone start again at 0: API calls, Deployments.",
  );
  await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'What' }), 'Storage');
  expect(dialog.textContent).toContain('The level Storage of everyone is set to 0.');
  await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'What' }), 'Builds');
  expect(dialog.textContent).toContain('starts again at 0 for this week.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Reset counters' }));
  await screen.findByText('Reset 12 counters of everyone.');
  expect(sent).toEqual([['/api/usage/admin/manual-reset', { metric: 'builds' }]]);
});

test('a metric is added with what explains each choice', async () => {
  const sent: unknown[] = [];
  showPage({}, { tab: 'metrics' }, async (url, request) => {
    if (request.method === 'POST') {
      sent.push(await request.json());
      return {};
    }
    return limitsAnswers(url, request);
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Add a metric' }));
  const form = screen.getByRole('form', { name: 'New metric' });
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'build minutes{Enter}');
  expect(within(form).getByText(/Use 1 to 64 of a to z/)).toBeTruthy();
  await userEvent.clear(within(form).getByRole('textbox', { name: 'Name' }));
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'build_minutes');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Unit' }), 'minutes');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Starts again' }), 'Each week');
  expect(within(form).getByText('Counters start again on Monday at midnight in the zone.')).toBeTruthy();
  const zone = within(form).getByRole('combobox', { name: 'Zone' });
  await userEvent.clear(zone);
  await userEvent.type(zone, 'Europe/Berlin');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Counts' }), 'Decisions only');
  await userEvent.click(within(form).getByRole('button', { name: 'Add the metric' }));
  await screen.findByText(/Added the metric build_minutes/);
  expect(sent).toEqual([
    {
      name: 'build_minutes',
      unit: 'minutes',
      description: null,
      window: 'week',
      timezone: 'Europe/Berlin',
      counts: 'decisions',
    },
  ]);
});

test('built-in metrics cannot be deleted, others can, and the tenant limits stand below', async () => {
  showPage({}, { tab: 'metrics' });
  await screen.findByRole('button', { name: 'Delete the metric builds' });
  expect(screen.getAllByRole('button', { name: /^Delete/ })).toHaveLength(1);
  const card = screen.getByRole('region', { name: 'Limits of the whole tenant' });
  await waitFor(() => expect(card.textContent).toContain('API calls100,000'));
});

test('an error says what to do, and shows no number', async () => {
  showPage({ role: 'member', user: 'u-1' }, {}, (url, request) =>
    url.pathname === '/api/usage/status'
      ? new Refusal(500, {
          error: 'Internal error',
          code: 'internal',
          message: 'Something broke.',
          request_id: 'req-7',
        })
      : limitsAnswers(url, request),
  );
  expect((await screen.findByRole('alert')).textContent).toContain('req-7');
  expect(screen.queryByRole('meter')).toBeNull();
  expect(screen.getByRole('button', { name: 'Retry' })).toBeTruthy();
});

test('while it loads there is no number, and a tenant without users is told how one comes', async () => {
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  showPage({}, { tab: 'users' }, async (url, request) => {
    await held;
    return url.pathname === '/api/v1/users' ? { items: [], nextCursor: null } : limitsAnswers(url, request);
  });
  expect(screen.getByRole('tabpanel').textContent).not.toMatch(/\d/);
  release();
  await screen.findByText(/The first event or decision that names one makes it/);
});

test('more users are shown a page after the other', async () => {
  showPage({}, { tab: 'users' }, (url, request) => {
    if (url.pathname !== '/api/v1/users') return limitsAnswers(url, request);
    return url.searchParams.get('cursor') === 'next'
      ? { items: [user({ id: 'u-51', username: 'Zoe' })], nextCursor: null }
      : { items: [user()], nextCursor: 'next' };
  });
  await screen.findByText('1 user shown');
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  await screen.findByText('2 users');
  expect(screen.getByRole('combobox', { name: 'Tier of u-51' })).toBeTruthy();
});
