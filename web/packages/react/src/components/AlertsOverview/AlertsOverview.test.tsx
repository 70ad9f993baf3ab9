import type { Me } from '@meterwire/client';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { type AlertsState, DEFAULT_ALERTS } from '../../logic/alerts/state.ts';
import { me } from '../../testing/fixtures.ts';
import { alert, channel, moneyAnswers, RULES } from '../../testing/moneyFixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { AlertsOverview } from './AlertsOverview.tsx';

function Page({ who, start }: { who: Partial<Me>; start: Partial<AlertsState> }) {
  const [state, setState] = useState<AlertsState>({ ...DEFAULT_ALERTS, ...start });
  return <AlertsOverview me={me(who)} state={state} onStateChange={setState} />;
}

const showPage = (who: Partial<Me> = {}, start: Partial<AlertsState> = {}, answer: Answer = moneyAnswers) =>
  show(<Page who={who} start={start} />, { answer });

/** Records what is written, and answers it with `reply`. */
function recording(reply: unknown): { sent: unknown[]; answer: Answer } {
  const sent: unknown[] = [];
  return {
    sent,
    answer: async (url, request) => {
      if (request.method === 'GET') return moneyAnswers(url, request);
      const text = await request.text();
      sent.push([request.method, url.pathname, ...(text ? [JSON.parse(text)] : [])]);
      return reply;
    },
  };
}

test('the history says what was told, to whom, and whether it arrived', async () => {
  showPage();
  const item = await screen.findByRole('article', { name: 'Support has used 80 % of $50.00 this week' });
  expect(item.textContent).toContain('Warning Budget threshold');
  expect(item.textContent).toContain('Finance Delivered 22 Nov');
  expect(item.textContent).toContain('Pager Failed, tried 12 times');
  expect(item.textContent).toContain('it answered 500');
  const lonely = screen.getByRole('article', { name: 'attic-llama has no price' });
  expect(lonely.textContent).toContain('No channel was there to be told.');
});

test('one kind of alerts is asked of the server', async () => {
  const { asked } = showPage();
  await screen.findAllByRole('article');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Kind of alert' }), 'Spend spike');
  await waitFor(() =>
    expect(asked.some(({ searchParams }) => searchParams.get('kind') === 'spend_spike')).toBe(true),
  );
});

test('what failed is sent again, and what it is about can be snoozed and woken', async () => {
  const { sent, answer } = recording(alert());
  showPage({}, {}, answer);
  const title = 'Support has used 80 % of $50.00 this week';
  await userEvent.click(await screen.findByRole('button', { name: `Send again: ${title}` }));
  await screen.findByText('It is being sent again.');
  const before = Date.now();
  await userEvent.click(screen.getByRole('button', { name: `Snooze ${title}` }));
  await userEvent.click(screen.getByRole('button', { name: '1 day' }));
  await screen.findByText('Nothing about it is sent for 1 day.');
  await userEvent.click(
    screen.getByRole('button', { name: 'End snooze of Today costs $41.20, three times a usual Sunday' }),
  );
  await screen.findByText('It is told again.');
  const [retried, snoozed, woken] = sent as [string, string, { until: string }][];
  expect(retried).toEqual(['POST', '/api/v1/alerts/a-1/retry']);
  expect(snoozed?.[1]).toBe('/api/v1/alerts/a-1/snooze');
  const until = Date.parse(snoozed?.[2].until ?? '') - before;
  expect(until).toBeGreaterThan(86_390_000);
  expect(until).toBeLessThan(86_460_000);
  expect(woken).toEqual(['POST', '/api/v1/alerts/a-3/snooze', { until: null }]);
});

test('a viewer reads and changes nothing', async () => {
  showPage({ role: 'viewer' });
  await screen.findAllByRole('article');
  expect(screen.queryByRole('button')).toBeNull();
  await userEvent.click(screen.getByRole('tab', { name: 'Channels' }));
  await screen.findByText('https://hooks.example.com/meterwire');
  await userEvent.click(screen.getByRole('tab', { name: 'Rules' }));
  await screen.findByRole('region', { name: 'Spend spike' });
  expect(screen.queryByRole('switch')).toBeNull();
});

test('a member is told that this is about the whole tenant', () => {
  const { asked } = showPage({ role: 'member', user: 'u-1' });
  expect(screen.getByText(/A member reads its own usage/)).toBeTruthy();
  expect(asked).toEqual([]);
});

test('a webhook is added, and its secret is shown this once', async () => {
  const secret = 'whsec_mzxw6ytboi5dgnbvgy3tqojqgezdgnbv';
  const { sent, answer } = recording(channel({ id: 'c-9', name: 'Own', type: 'webhook', secret }));
  showPage({}, { tab: 'channels' }, answer);
  await userEvent.click(await screen.findByRole('button', { name: 'Add a channel' }));
  const form = screen.getByRole('form', { name: 'New channel' });
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'Own');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Kind' }), 'Webhook');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Address' }), 'example.com/hook{Enter}');
  expect(within(form).getByText('Enter an address such as https://example.com/hook.')).toBeTruthy();
  await userEvent.clear(within(form).getByRole('textbox', { name: 'Address' }));
  await userEvent.type(
    within(form).getByRole('textbox', { name: 'Address' }),
    'https://example.com/hook{Enter}',
  );
  const shown = await screen.findByRole('region', { name: 'Secret of Own' });
  expect(shown.textContent).toContain(secret);
  await userEvent.click(within(shown).getByRole('button', { name: 'I have kept it' }));
  expect(document.body.textContent).not.toContain(secret);
  expect(sent).toEqual([
    ['POST', '/api/v1/channels', { name: 'Own', type: 'webhook', url: 'https://example.com/hook' }],
  ]);
});

test('a test says that it arrived, or why it did not', async () => {
  let result: unknown = { arrived: true, error: null, took_ms: 42 };
  showPage({}, { tab: 'channels' }, (url, request) =>
    url.pathname.endsWith('/test') ? result : moneyAnswers(url, request),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Send a test to Finance' }));
  await screen.findByText('The test to Finance was taken after 42 ms.');
  result = { arrived: false, error: 'the name could not be resolved', took_ms: 3 };
  await userEvent.click(screen.getByRole('button', { name: 'Send a test to Pager' }));
  expect((await screen.findByRole('alert')).textContent).toBe('the name could not be resolved');
  result = new Refusal(503, { error: 'Not now', code: 'unavailable', message: 'No mail server is set.' });
  await userEvent.click(screen.getByRole('button', { name: 'Send a test to Finance' }));
  await screen.findByText('No mail server is set.');
});

test('a channel is switched, changed and deleted', async () => {
  const { sent, answer } = recording(channel({ enabled: false }));
  showPage({}, { tab: 'channels' }, answer);
  await userEvent.click(await screen.findByRole('switch', { name: 'Send to Finance' }));
  await screen.findByText('Finance is off.');
  expect(screen.getByText('it answered 410')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Edit the channel Ops' }));
  const form = screen.getByRole('form', { name: 'Channel Ops' });
  expect((within(form).getByRole('textbox', { name: 'Address' }) as HTMLInputElement).value).toBe('');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), '!{Enter}');
  await screen.findByText('Saved the channel Finance.');
  await userEvent.click(screen.getByRole('button', { name: 'Delete the channel Ops' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete the channel' }));
  await screen.findByText('Deleted the channel Ops.');
  expect(sent).toEqual([
    ['PATCH', '/api/v1/channels/c-1', { enabled: false }],
    ['PATCH', '/api/v1/channels/c-2', { name: 'Ops!' }],
    ['DELETE', '/api/v1/channels/c-2'],
  ]);
});

test('a rule is switched, and its numbers and channels are changed', async () => {
  const { sent, answer } = recording({ ...RULES[2], enabled: true });
  showPage({}, { tab: 'rules' }, answer);
  await userEvent.click(await screen.findByRole('switch', { name: 'Tell: Limit near' }));
  await screen.findByText('Limit near: on.');
  await userEvent.click(screen.getByRole('button', { name: 'Edit the rule Spend spike' }));
  const form = screen.getByRole('form', { name: 'Rule Spend spike' });
  const weeks = within(form).getByRole('textbox', { name: 'Weeks to compare with' });
  await userEvent.clear(weeks);
  await userEvent.type(weeks, 'two{Enter}');
  expect(within(form).getByText('Enter a whole number.')).toBeTruthy();
  expect(document.activeElement).toBe(weeks);
  await userEvent.clear(weeks);
  await userEvent.type(weeks, '2');
  await userEvent.click(within(form).getByRole('checkbox', { name: 'Ops' }));
  await userEvent.click(within(form).getByRole('button', { name: 'Save rule' }));
  await screen.findByText('Saved the rule Spend spike.');
  expect(sent).toEqual([
    ['PATCH', '/api/v1/alert-rules/limit_near', { enabled: true }],
    [
      'PATCH',
      '/api/v1/alert-rules/spend_spike',
      { params: { above_percent: 100, min_usd: 10, weeks: 2 }, channels: ['c-1', 'c-2'] },
    ],
  ]);
});
