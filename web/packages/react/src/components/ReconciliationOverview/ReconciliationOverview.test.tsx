import type { Me } from '@meterwire/client';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import type { ReconcileState } from '../../logic/reconcile/words.ts';
import { me } from '../../testing/fixtures.ts';
import { connection, moneyAnswers } from '../../testing/moneyFixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import { ReconciliationOverview } from './ReconciliationOverview.tsx';

function Page({ who }: { who: Partial<Me> }) {
  const [state, setState] = useState<ReconcileState>({});
  return <ReconciliationOverview me={me(who)} state={state} onStateChange={setState} />;
}

const showPage = (who: Partial<Me> = {}, answer: Answer = moneyAnswers) =>
  show(<Page who={who} />, { answer });

test('both sides stand beside each other with the causes of the difference', async () => {
  showPage();
  await screen.findByText('The providers report $1.25 more than your events come to.');
  const whole = screen.getByRole('list', { name: 'Causes of the whole difference' });
  expect(
    within(whole)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(['Unknown key+$1.50', 'Price difference−$0.25']);
  expect(screen.getByText('Not compared, since not connected: mistral ($0.75).')).toBeTruthy();
  const causes = screen.getByRole('button', { name: /^Causes of Tue 17 Nov 2026, gpt-4o/ });
  await userEvent.click(causes);
  expect(screen.getByRole('list', { name: 'Causes of Tue 17 Nov 2026, gpt-4o' }).textContent).toContain(
    'Two keys that no event names.',
  );
});

test('rows that agree can be left out', async () => {
  showPage();
  await screen.findByRole('row', { name: /claude-sonnet-4-5/ });
  await userEvent.click(screen.getByRole('switch', { name: 'Only what differs' }));
  expect(screen.queryByRole('row', { name: /claude-sonnet-4-5/ })).toBeNull();
  expect(screen.getByRole('row', { name: /gpt-4o/ })).toBeTruthy();
});

test('one provider is asked of the server', async () => {
  const { asked } = showPage();
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Provider' }), 'Anthropic');
  await waitFor(() =>
    expect(asked.some(({ searchParams }) => searchParams.get('provider') === 'anthropic')).toBe(true),
  );
});

test('connections say how they are', async () => {
  showPage({ role: 'viewer' });
  const good = await screen.findByRole('row', { name: /^Production/ });
  expect(good.textContent).toContain('Healthy');
  expect(good.textContent).toContain('1 Oct – 21 Nov 2026');
  expect(
    within(good).getByRole('meter', { name: 'Backfill of Production' }).getAttribute('aria-valuetext'),
  ).toBe('12 of 31 days');
  const bad = screen.getByRole('row', { name: /^Research/ });
  expect(bad.textContent).toContain('Not healthyThe provider refused the key (401).');
  expect(screen.queryByRole('button', { name: /Refresh|Edit|Delete|Connect/ })).toBeNull();
});

test('a member is told that this is about the whole tenant', () => {
  const { asked } = showPage({ role: 'member', user: 'u-1' });
  expect(screen.getByText(/A member reads its own usage/)).toBeTruthy();
  expect(asked).toEqual([]);
});

test('what the settings of the server say cannot be changed here', async () => {
  showPage({}, (url, request) =>
    url.pathname === '/api/v1/providers'
      ? { items: [connection({ id: 'env-openai', is_fixed: true })], nextCursor: null }
      : moneyAnswers(url, request),
  );
  await screen.findByRole('button', { name: 'Refresh Production' });
  expect(screen.queryByRole('button', { name: /^Edit|^Delete/ })).toBeNull();
});

test('a provider is connected with a key that never stands in the page', async () => {
  const sent: unknown[] = [];
  showPage({}, async (url, request) => {
    if (request.method === 'GET') return moneyAnswers(url, request);
    sent.push([request.method, url.pathname, await request.json()]);
    return connection({ name: 'Main', asked: 2 } as object);
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Connect a provider' }));
  const form = screen.getByRole('form', { name: 'New connection' });
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'Main{Enter}');
  expect(within(form).getByText('Enter the admin key.')).toBeTruthy();
  const key = within(form).getByLabelText('Admin key');
  expect(key.getAttribute('type')).toBe('password');
  await userEvent.type(key, 'sk-admin-1');
  await userEvent.type(
    within(form).getByRole('textbox', { name: 'Projects' }),
    'proj_a=bot, default = other',
  );
  await userEvent.click(within(form).getByRole('button', { name: 'Connect' }));
  await screen.findByText('Connected Main. Its reports are being asked for.');
  await userEvent.click(screen.getByRole('button', { name: 'Edit the connection Production' }));
  const edit = screen.getByRole('form', { name: 'Connection Production' });
  await userEvent.type(
    within(edit).getByRole('textbox', { name: 'Address' }),
    'https://proxy.example.com{Enter}',
  );
  expect(within(edit).getByText('Another address needs the key again.')).toBeTruthy();
  expect(sent).toEqual([
    [
      'POST',
      '/api/v1/providers',
      {
        provider: 'openai',
        name: 'Main',
        enabled: true,
        project_map: { proj_a: 'bot', default: 'other' },
        key: 'sk-admin-1',
      },
    ],
  ]);
});

test('earlier days are asked for, the last one too', async () => {
  const sent: unknown[] = [];
  showPage({}, async (url, request) => {
    if (request.method === 'GET') return moneyAnswers(url, request);
    sent.push([url.pathname, await request.json()]);
    return connection();
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Backfill of Production' }));
  const form = screen.getByRole('form', { name: 'Backfill of Production' });
  await userEvent.type(within(form).getByLabelText('First day'), '2026-09-30');
  await userEvent.type(within(form).getByLabelText('Last day'), '2026-09-01');
  await userEvent.click(within(form).getByRole('button', { name: 'Ask for these days' }));
  expect(within(form).getByText('The last day is before the first.')).toBeTruthy();
  await userEvent.clear(within(form).getByLabelText('Last day'));
  await userEvent.type(within(form).getByLabelText('Last day'), '2026-09-30');
  await userEvent.click(within(form).getByRole('button', { name: 'Ask for these days' }));
  await screen.findByText('Production is being asked for these days.');
  expect(sent).toEqual([['/api/v1/providers/p-1/backfill', { from: '2026-09-30', to: '2026-10-01' }]]);
});
