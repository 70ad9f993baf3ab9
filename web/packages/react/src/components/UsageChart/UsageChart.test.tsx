import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { overview, values } from '../../testing/fixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import { UsageChart } from './UsageChart.tsx';

const view = { range: { preset: '7d' as const }, filters: {} };

test('the figure carries a sentence made from its data', async () => {
  show(<UsageChart metric="calls" />);
  const figure = await screen.findByRole('figure');
  expect(figure.getAttribute('aria-label')).toBe(
    'Calls by day. 60 calls over 3 days, most on Tue 17 Nov 2026 (30).',
  );
});

test('the bars are one tab stop, and arrows, Home and End move between them', async () => {
  const user = userEvent.setup();
  show(<UsageChart metric="calls" />);
  await screen.findByRole('figure');
  const bars = screen.getAllByRole('button', { name: /2026/ });
  expect(bars.map((bar) => bar.getAttribute('tabindex'))).toEqual(['-1', '-1', '0']);
  bars[2]?.focus();
  await user.keyboard('{ArrowLeft}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe(
    'Tue 17 Nov 2026: 30 calls; previous period 20 calls',
  );
  await user.keyboard('{Home}');
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Mon 16 Nov 2026: 10 calls');
  await user.keyboard('{ArrowLeft}{End}');
  expect(document.activeElement?.getAttribute('aria-label')).toContain('Wed 18 Nov 2026, so far: 20 calls');
});

test('Enter opens a day into its hours', async () => {
  const onViewChange = vi.fn();
  const user = userEvent.setup();
  show(<UsageChart metric="calls" />, { view, onViewChange });
  const bar = await screen.findByRole('button', { name: /Mon 16 Nov/ });
  bar.focus();
  await user.keyboard('{Enter}');
  expect(onViewChange).toHaveBeenCalledWith({ range: { from: '2026-11-16', to: '2026-11-17' }, filters: {} });
});

test('the table has every point and the total, to the last digit', async () => {
  const user = userEvent.setup();
  show(<UsageChart metric="cost" />);
  await user.click(await screen.findByRole('button', { name: 'View as table: Cost by day' }));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'TimeCostCalls without a pricePrevious period',
    'Mon 16 Nov 2026$0.2000000$0.000000',
    'Tue 17 Nov 2026$0.9000003$0.000000',
    'Wed 18 Nov 2026$0.1345670$0.000000',
    'Total$1.2345673$1.234567',
  ]);
  await user.click(screen.getByRole('button', { name: 'View as chart: Cost by day' }));
  expect(screen.queryByRole('table')).toBeNull();
});

test('whoever opens a bar by key stays in the chart, and no tip of the old bars is left', async () => {
  const user = userEvent.setup();
  const hours: Answer = (url) => {
    if (!url.searchParams.has('from')) return overview();
    return overview({
      from: '2026-11-16T00:00:00Z',
      to: '2026-11-17T00:00:00Z',
      granularity: 'hour',
      buckets: [
        { start: '2026-11-16T00:00:00Z', end: '2026-11-16T01:00:00Z', label: '2026-11-16T00:00' },
        { start: '2026-11-16T01:00:00Z', end: '2026-11-16T02:00:00Z', label: '2026-11-16T01:00' },
      ],
      series: [values({ calls: 4 }), values({ calls: 6 })],
      compared: null,
    });
  };
  const { container } = show(<UsageChart metric="calls" />, { view, answer: hours });
  const bar = await screen.findByRole('button', { name: /Mon 16 Nov/ });
  bar.focus();
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Calls by hour' });
  await vi.waitFor(() =>
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Mon 16 Nov 2026, 0\d:00: \d calls$/),
  );
  expect(container.querySelectorAll('.mw-tip').length).toBeLessThanOrEqual(1);
});
