import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { logItem, logPage } from '../../testing/fixtures.ts';
import { show } from '../../testing/render.tsx';
import { UsageLogTable } from './UsageLogTable.tsx';

const many = () =>
  logPage({ items: [logItem(), logItem({ id: 'b', priced: false, cost: null, status: 500 })], total: 60 });

test('shows the columns that were asked for, and marks what has no price', async () => {
  show(<UsageLogTable tz="UTC" />, { answer: many });
  const table = await screen.findByRole('table');
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map((head) => head.textContent),
  ).toEqual([
    'Date',
    'Project Name',
    'Model',
    'Input Tokens',
    'Output Tokens',
    'Total Tokens',
    'Cost',
    'Status',
    'Latency',
  ]);
  const rows = within(table).getAllByRole('row');
  expect(rows[1]?.textContent).toContain('$0.006');
  expect(rows[2]?.textContent).toContain('No price');
  expect(rows[2]?.textContent).not.toContain('$');
});

test('a head asks the server to sort, and says so', async () => {
  const { asked } = show(<UsageLogTable tz="UTC" />, { answer: many });
  await userEvent.click(await screen.findByRole('button', { name: 'Cost' }));
  expect(asked.at(-1)?.searchParams.get('sort')).toBe('-cost');
  expect(screen.getByRole('columnheader', { name: 'Cost' }).getAttribute('aria-sort')).toBe('descending');
  await userEvent.click(screen.getByRole('button', { name: 'Cost' }));
  expect(asked.at(-1)?.searchParams.get('sort')).toBe('cost');
});

test('pages forward and back, and not past the ends', async () => {
  const { asked } = show(<UsageLogTable tz="UTC" />, { answer: many });
  const next = await screen.findByRole('button', { name: 'Next page' });
  const previous = screen.getByRole('button', { name: 'Previous page' });
  expect(previous.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(previous);
  expect(screen.getByText('1–25 of 60')).toBeTruthy();
  await userEvent.click(next);
  await userEvent.click(next);
  expect(screen.getByText('51–60 of 60')).toBeTruthy();
  expect(asked.at(-1)?.searchParams.get('page')).toBe('3');
  expect(next.getAttribute('aria-disabled')).toBe('true');
});

test('whoever keeps the state decides: another order begins at page one', async () => {
  const onStateChange = vi.fn();
  const state = { sort: '-date', page: 2, pageSize: 25 };
  show(<UsageLogTable tz="UTC" state={state} onStateChange={onStateChange} />, { answer: many });
  await userEvent.click(await screen.findByRole('button', { name: 'Model' }));
  expect(onStateChange).toHaveBeenLastCalledWith({ sort: 'model', page: 1, pageSize: 25 });
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Rows' }), '100');
  expect(onStateChange).toHaveBeenLastCalledWith({ sort: '-date', page: 1, pageSize: 100 });
});

test('no event is said in words', async () => {
  show(<UsageLogTable tz="UTC" />, { answer: () => logPage({ items: [], total: 0 }) });
  await screen.findByText('No event in this range matches.');
});

test('without a zone of its own it takes that of the provider, else UTC', async () => {
  const at = () => logPage({ items: [logItem({ date: '2026-11-22T20:00:00Z' })], total: 1 });
  const view = { range: { preset: '7d' as const }, filters: {}, tz: 'Asia/Tokyo' };
  const { unmount } = show(<UsageLogTable />, { answer: at, view });
  expect((await screen.findByRole('table')).textContent).toContain('23 Nov');
  unmount();
  show(<UsageLogTable />, { answer: at });
  expect((await screen.findByRole('table')).textContent).toContain('22 Nov');
});
