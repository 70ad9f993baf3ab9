import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { me } from '../../testing/fixtures.ts';
import { DEPARTMENTS, moneyAnswers } from '../../testing/moneyFixtures.ts';
import { show } from '../../testing/render.tsx';
import { DepartmentsOverview } from './DepartmentsOverview.tsx';

test('departments stand with their share and change, and add up to the total', async () => {
  const { asked } = show(<DepartmentsOverview me={me()} />, { answer: moneyAnswers });
  await screen.findByText('care pays 66.5 % of $60.50.');
  const url = asked.find(({ pathname }) => pathname === '/api/v1/departments/costs');
  expect([url?.searchParams.get('range'), url?.searchParams.get('compare')]).toEqual(['7d', 'previous']);
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'DepartmentShareCostBeforeChangeCalls',
    'carefrontline, second line66.5 %$40.25$32.20+25 %1,200',
    'research30.2 %$18.25$21.65−15.7 %1,200',
    '(none)3.3 %$2.00$2.00no change1,200',
    'Total$60.503 calls without a price$53.85+12.3 %1,200',
  ]);
});

test('a department opens into its projects', async () => {
  show(<DepartmentsOverview me={me()} />, { answer: moneyAnswers });
  const care = await screen.findByRole('button', { name: 'care, 2 projects' });
  expect(care.getAttribute('aria-expanded')).toBe('false');
  await userEvent.click(care);
  expect(care.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByRole('row', { name: /^support-bot/ }).textContent).toContain('$30.25');
  await userEvent.click(care);
  expect(screen.queryByRole('row', { name: /^support-bot/ })).toBeNull();
});

test('the range is the shared one', async () => {
  const onViewChange = vi.fn();
  const view = { range: { preset: '7d' as const }, filters: {} };
  show(<DepartmentsOverview me={me()} />, { answer: moneyAnswers, view, onViewChange });
  await userEvent.click(await screen.findByRole('radio', { name: 'Last month' }));
  expect(onViewChange).toHaveBeenCalledWith({ ...view, range: { preset: 'last_month' } });
});

test('nothing recorded is said, and an ingest key is told what it needs', async () => {
  const empty = { ...DEPARTMENTS, departments: [] };
  const { unmount } = show(<DepartmentsOverview me={me()} />, {
    answer: (url, request) => (url.pathname.includes('departments') ? empty : moneyAnswers(url, request)),
  });
  await screen.findByText(/Nothing was recorded in this range/);
  expect(screen.queryByRole('button', { name: 'Export CSV' })).toBeNull();
  unmount();
  const { asked } = show(<DepartmentsOverview me={me({ role: 'ingest' })} />, { answer: moneyAnswers });
  expect(asked).toEqual([]);
  expect(screen.getByText(/Sign in with an owner, member or viewer key/)).toBeTruthy();
});
