import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../../testing/render.tsx';
import { FilterBar } from './FilterBar.tsx';

const range = { preset: '7d' as const };

test('each filter is named and can be taken away by itself', async () => {
  const onViewChange = vi.fn();
  show(<FilterBar />, { view: { range, filters: { provider: ['openai'], project: [''] } }, onViewChange });
  expect(screen.getByRole('button', { name: 'Remove filter Project: (none)' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Remove filter Provider: openai' }));
  expect(onViewChange).toHaveBeenCalledWith({ range, filters: { project: [''] } });
});

test('without filters there is nothing', () => {
  const { container } = show(<FilterBar />, { view: { range, filters: {} } });
  expect(container.textContent).toBe('');
});
