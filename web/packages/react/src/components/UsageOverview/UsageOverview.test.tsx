import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DEFAULT_LOG } from '../../logic/log.ts';
import { logPage, me, overview, values } from '../../testing/fixtures.ts';
import { type Answer, Refusal, show, usualAnswers } from '../../testing/render.tsx';
import { UsageOverview, type UsageOverviewProps } from './UsageOverview.tsx';

const props: UsageOverviewProps = {
  me: me(),
  metric: 'calls',
  onMetricChange: () => {},
  log: DEFAULT_LOG,
  onLogChange: () => {},
  origin: 'http://meterwire.test',
};
const view = { range: { preset: '7d' as const }, filters: {} };

const withoutCalls =
  (newest: ReturnType<typeof logPage>): Answer =>
  (url, request) => {
    if (url.searchParams.get('range') === '12m') return newest;
    if (url.pathname === '/api/v1/usage/query') return overview({ total: values(), groups: [] });
    return usualAnswers(url, request);
  };

test('every component follows the one range', async () => {
  const { asked } = show(<UsageOverview {...props} />);
  await screen.findByText('60 calls over 3 days, most on Tue 17 Nov 2026 (30).');
  await screen.findByRole('table');
  const before = asked.length;
  await userEvent.click(screen.getByRole('radio', { name: '30 days' }));
  await vi.waitFor(() => expect(asked.length - before).toBe(4));
  expect(asked.slice(before).map((url) => url.searchParams.get('range'))).toEqual([
    '30d',
    '30d',
    '30d',
    '30d',
  ]);
});

test('a tenant without events is told how to send the first one, with its own key', async () => {
  const { container } = show(<UsageOverview {...props} />, {
    answer: withoutCalls(logPage({ items: [], total: 0 })),
  });
  await screen.findByRole('heading', { name: 'No events yet' });
  expect(container.textContent).toContain('(prod)');
  expect(screen.getByRole('region', { name: 'Command that sends the first event' }).textContent).toContain(
    "curl 'http://meterwire.test/api/v1/events'",
  );
  expect(screen.queryByRole('group', { name: 'Totals' })).toBeNull();
});

test('a viewer is told that another key is needed', async () => {
  const { container } = show(<UsageOverview {...props} me={me({ role: 'viewer' })} />, {
    answer: withoutCalls(logPage({ items: [], total: 0 })),
  });
  await screen.findByRole('heading', { name: 'No events yet' });
  expect(container.textContent).toContain('an owner or ingest key');
});

test('an empty range of a tenant with events leads to the newest of them', async () => {
  const onViewChange = vi.fn();
  show(<UsageOverview {...props} />, { answer: withoutCalls(logPage({ total: 1234 })), view, onViewChange });
  await screen.findByText('No calls in this range. The last twelve months have 1,234 events.');
  await userEvent.click(screen.getByRole('button', { name: 'Show the week of the newest event' }));
  expect(onViewChange).toHaveBeenCalledWith({ range: { from: '2026-11-10', to: '2026-11-17' }, filters: {} });
});

test('an error takes the place of all numbers', async () => {
  const { container } = show(<UsageOverview {...props} />, {
    answer: () =>
      new Refusal(503, { error: 'Service not available', code: 'unavailable', message: 'Stopped.' }),
  });
  await screen.findByRole('alert');
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(container.querySelector('.mw-stats, .mw-figure, table')).toBeNull();
});
