import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DEFAULT_COMPARE } from '../../logic/compare.ts';
import { DEFAULT_STATS } from '../../logic/usageStats.ts';
import { overview, values } from '../../testing/fixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import { LogProvider } from '../LogLink/LogLink.tsx';
import { UsageTrend } from './UsageTrend.tsx';

const view = { range: { from: '2026-11-16', to: '2026-11-19' }, filters: {} };

const stackedAnswer = () =>
  overview({
    group_by: ['model'],
    series: [values({ cost_usd: '3' }), values({ cost_usd: '2' }), values({ cost_usd: '1' })],
    groups: [
      {
        key: ['gpt-4o'],
        other: false,
        total: values({ cost_usd: '4' }),
        series: [values({ cost_usd: '2' }), values({ cost_usd: '1' }), values({ cost_usd: '1' })],
      },
      {
        key: [],
        other: true,
        total: values({ cost_usd: '2' }),
        series: [values({ cost_usd: '1' }), values({ cost_usd: '1' }), values({ cost_usd: '0' })],
      },
    ],
  });

const answers: Answer = (url) => {
  if (url.pathname.startsWith('/api/v1/prices')) return { items: [], nextCursor: null };
  const by = url.searchParams.get('group_by');
  if (by === 'status') {
    const groups = ['200', '429', '500'].map((name) => ({
      key: [name],
      other: false,
      total: values(),
      series: [],
    }));
    return overview({ groups });
  }
  if (by && !url.searchParams.has('granularity')) {
    const groups = ['gpt-4o', 'x-1', 'x-2'].map((name) => ({
      key: [name],
      other: false,
      total: values(),
      series: [],
    }));
    return overview({ groups });
  }
  return by ? stackedAnswer() : overview();
};

function open(part: Partial<typeof DEFAULT_STATS> = {}) {
  const ways = { hrefOf: () => '/log', open: vi.fn() };
  const onViewChange = vi.fn();
  const onStateChange = vi.fn();
  const shown = show(
    <LogProvider ways={ways}>
      <UsageTrend
        state={{ ...DEFAULT_STATS, ...part }}
        onStateChange={onStateChange}
        compare={DEFAULT_COMPARE}
      />
    </LogProvider>,
    { answer: answers, view, onViewChange },
  );
  return { ...shown, ways, onViewChange, onStateChange };
}

const bars = () => within(screen.getByRole('figure')).getAllByRole('button', { name: /2026/ });

test('one tab stop; arrows move, and Enter opens the rows of the bar', async () => {
  const { ways } = open();
  await screen.findByRole('figure', { name: /^Cost by day\. \$1\.23 over 3 days/ });
  expect(bars().map((bar) => bar.getAttribute('tabindex'))).toEqual(['-1', '-1', '0']);
  bars()[2]?.focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(document.activeElement).toBe(bars()[1]);
  await userEvent.keyboard('{Enter}');
  expect(ways.open).toHaveBeenCalledWith({
    range: { from: '2026-11-17', to: '2026-11-18' },
    filters: {},
    tz: undefined,
  });
});

test('Shift marks bars, Enter zooms into them, Escape lets go', async () => {
  const { onViewChange, ways } = open();
  await screen.findByRole('figure');
  bars()[2]?.focus();
  await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}{Escape}');
  await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}{Enter}');
  expect(ways.open).not.toHaveBeenCalled();
  expect(onViewChange).toHaveBeenCalledWith({ range: { from: '2026-11-16', to: '2026-11-18' }, filters: {} });
});

test('parts are reached by up and down, said aloud, and opened by themselves', async () => {
  const { ways } = open({ stack: 'model' });
  await screen.findByRole('figure', { name: /^Cost by day and model\./ });
  const bar = bars()[0];
  expect(bar?.getAttribute('aria-label')).toMatch(
    /: \$3\.00; gpt-4o \$2\.00, Other \$1\.00; previous period \$0\.00/,
  );
  bar?.focus();
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(ways.open).toHaveBeenCalledWith(expect.objectContaining({ filters: { model: ['gpt-4o'] } }));
  // The rest is what is beside those that have a name.
  await userEvent.keyboard('{ArrowUp}{Enter}');
  await vi.waitFor(() =>
    expect(ways.open).toHaveBeenLastCalledWith(
      expect.objectContaining({ filters: { model: ['x-1', 'x-2'] } }),
    ),
  );
});

test('a number of errors leads to failed calls only', async () => {
  const { ways } = open({ metric: 'errors' });
  await screen.findByRole('figure', { name: /^Errors by day\./ });
  bars()[1]?.focus();
  await userEvent.keyboard('{Enter}');
  expect(ways.open).toHaveBeenCalledWith(expect.objectContaining({ filters: { status: ['429', '500'] } }));
});

test('every point stands in the table, leads to its rows, and adds up', async () => {
  open({ stack: 'model' });
  await userEvent.click(await screen.findByRole('button', { name: /^View as table/ }));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows[1]?.textContent).toBe('Mon 16 Nov 2026$2.000000$1.000000$3.000000$0.000000');
  expect(within(rows[1] as HTMLElement).getAllByRole('link')).toHaveLength(3);
  expect(rows.at(-1)?.textContent).toContain('Total$4.000000$2.000000');
});

test('choices are told to whoever keeps them', async () => {
  const { onStateChange } = open();
  await userEvent.click(await screen.findByRole('radio', { name: 'Cumulative' }));
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ mode: 'running' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Stacked by' }), 'User');
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ stack: 'user' }));
  await userEvent.click(screen.getByRole('radio', { name: 'Tokens' }));
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ metric: 'tokens' }));
});
