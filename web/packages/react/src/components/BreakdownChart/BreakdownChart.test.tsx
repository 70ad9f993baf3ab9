import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { breakdown } from '../../testing/fixtures.ts';
import { show } from '../../testing/render.tsx';
import { ProjectBreakdownChart } from '../ProjectBreakdownChart/ProjectBreakdownChart.tsx';
import { ProviderBreakdownChart } from '../ProviderBreakdownChart/ProviderBreakdownChart.tsx';

const view = { range: { preset: '7d' as const }, filters: {} };

test('asks for the largest providers and draws one slice for each', async () => {
  const { asked, container } = show(<ProviderBreakdownChart />);
  await screen.findByRole('figure');
  expect(asked[0]?.searchParams.get('group_by')).toBe('provider');
  expect(asked[0]?.searchParams.get('top')).toBe('5');
  expect(container.querySelectorAll('.mw-slice')).toHaveLength(3);
});

test('a row says share, tokens, calls and money, and what has no price', async () => {
  show(<ProviderBreakdownChart />);
  const figure = await screen.findByRole('figure');
  const [first, , rest] = within(figure).getAllByRole('button');
  expect(first?.textContent).toBe('openai 75.0 % 4,500 tokens, 40 calls, $1.2000');
  expect(rest?.textContent).toContain('3 calls without a price');
  expect(rest?.textContent).not.toContain('$');
});

test('a click filters the page, and the rest cannot be clicked', async () => {
  const onViewChange = vi.fn();
  const user = userEvent.setup();
  show(<ProviderBreakdownChart />, { view, onViewChange });
  const figure = await screen.findByRole('figure');
  await user.click(within(figure).getByRole('button', { name: /^Other/ }));
  expect(onViewChange).not.toHaveBeenCalled();
  await user.click(within(figure).getByRole('button', { name: /^openai/ }));
  expect(onViewChange).toHaveBeenCalledWith({ ...view, filters: { provider: ['openai'] } });
});

test('what has no project can be filtered too', async () => {
  const onViewChange = vi.fn();
  show(<ProjectBreakdownChart />, { view, onViewChange });
  await userEvent.click(await screen.findByRole('button', { name: /^\(none\)/ }));
  expect(onViewChange).toHaveBeenCalledWith({ ...view, filters: { project: [''] } });
});

test('rows are one tab stop with arrows between them', async () => {
  const user = userEvent.setup();
  show(<ProjectBreakdownChart />);
  const figure = await screen.findByRole('figure');
  const rows = within(figure).getAllByRole('button');
  expect(rows.map((row) => row.tabIndex)).toEqual([0, -1, -1]);
  rows[0]?.focus();
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(document.activeElement).toBe(rows[2]);
});

test('the table adds up to the total of the answer', async () => {
  const user = userEvent.setup();
  show(<ProviderBreakdownChart />);
  await user.click(await screen.findByRole('button', { name: /View as table/ }));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows.at(-1)?.textContent).toBe('Total6,00060$1.234567');
});

test('no groups is said in words, not drawn as an empty ring', async () => {
  const { container } = show(<ProviderBreakdownChart />, { answer: () => breakdown({ groups: [] }) });
  await screen.findByText('No provider has used tokens in this range.');
  expect(container.querySelector('.mw-donut')).toBeNull();
});
