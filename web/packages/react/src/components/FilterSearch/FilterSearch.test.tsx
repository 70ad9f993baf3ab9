import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { breakdown } from '../../testing/fixtures.ts';
import { show } from '../../testing/render.tsx';
import { FilterSearch } from './FilterSearch.tsx';

const view = { range: { preset: '7d' as const }, filters: {} };

test('nothing is asked before the field is used', async () => {
  const { asked } = show(<FilterSearch />, { view, answer: () => breakdown() });
  expect(asked).toEqual([]);
  await userEvent.click(screen.getByRole('combobox'));
  await screen.findAllByRole('option');
  expect(new Set(asked.map((url) => url.searchParams.get('group_by'))).size).toBe(11);
});

test('a value is found by typing, chosen by Enter, and further ones are alternatives', async () => {
  const onViewChange = vi.fn();
  show(<FilterSearch />, {
    view: { ...view, filters: { provider: ['anthropic'] } },
    onViewChange,
    answer: () => breakdown(),
  });
  await userEvent.click(screen.getByRole('combobox'));
  await screen.findAllByRole('option');
  await userEvent.keyboard('provider: openai{Enter}');
  expect(onViewChange).toHaveBeenCalledWith({ ...view, filters: { provider: ['anthropic', 'openai'] } });
});

test('a name that is not among the values can be taken as it is', async () => {
  const onViewChange = vi.fn();
  show(<FilterSearch />, { view, onViewChange, answer: () => breakdown({ groups: [] }) });
  await userEvent.click(screen.getByRole('combobox'));
  await userEvent.keyboard('u-42');
  await screen.findByText(/Nothing in this range has that name/);
  await userEvent.clear(screen.getByRole('combobox'));
  await userEvent.keyboard('user:u-42{Enter}');
  expect(onViewChange).toHaveBeenCalledWith({ ...view, filters: { user: ['u-42'] } });
});
