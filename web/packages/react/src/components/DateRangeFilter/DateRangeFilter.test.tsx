import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../../testing/render.tsx';
import { DateRangeFilter } from './DateRangeFilter.tsx';

const view = { range: { preset: '7d' as const }, filters: {} };

test('a preset is one choice of several', async () => {
  const onViewChange = vi.fn();
  show(<DateRangeFilter tz="UTC" />, { view, onViewChange });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: '7 days' }).checked).toBe(true);
  await userEvent.click(screen.getByRole('radio', { name: 'Last month' }));
  expect(onViewChange).toHaveBeenCalledWith({ range: { preset: 'last_month' }, filters: {} });
});

test('custom days are checked before they are shown', async () => {
  const onViewChange = vi.fn();
  show(<DateRangeFilter tz="UTC" />, { view, onViewChange });
  await userEvent.click(screen.getByRole('button', { name: 'Custom range' }));
  const first = screen.getByLabelText('First day');
  const last = screen.getByLabelText('Last day');
  fireEvent.change(first, { target: { value: '2026-11-10' } });
  fireEvent.change(last, { target: { value: '2026-11-01' } });
  await userEvent.click(screen.getByRole('button', { name: 'Show these days' }));
  expect(screen.getByRole('alert').textContent).toBe('The last day is before the first.');
  expect(last.getAttribute('aria-invalid')).toBe('true');
  expect(onViewChange).not.toHaveBeenCalled();
  fireEvent.change(last, { target: { value: '2026-11-12' } });
  await userEvent.click(screen.getByRole('button', { name: 'Show these days' }));
  expect(onViewChange).toHaveBeenCalledWith({ range: { from: '2026-11-10', to: '2026-11-13' }, filters: {} });
  expect(screen.getByRole('button', { name: 'Custom range, 10–12 Nov 2026' })).toBeTruthy();
});

test('Escape closes the panel and gives the focus back', async () => {
  show(<DateRangeFilter tz="UTC" />, { view });
  const button = screen.getByRole('button', { name: 'Custom range' });
  await userEvent.click(button);
  await userEvent.click(screen.getByLabelText('First day'));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(button);
});
