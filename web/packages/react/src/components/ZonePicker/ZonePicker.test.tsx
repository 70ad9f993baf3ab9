import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../../testing/render.tsx';
import { ZonePicker } from './ZonePicker.tsx';

const view = { range: { preset: '7d' as const }, filters: {} };

test('a zone is found by typing and chosen by Enter', async () => {
  const onViewChange = vi.fn();
  show(<ZonePicker shown="UTC" tenantZone="UTC" />, { view, onViewChange });
  await userEvent.click(screen.getByRole('button', { name: 'Time zone, UTC' }));
  expect(document.activeElement).toBe(screen.getByRole('combobox'));
  await userEvent.keyboard('kathm{ArrowDown}{ArrowUp}{Enter}');
  expect(onViewChange).toHaveBeenCalledWith({ ...view, tz: 'Asia/Kathmandu' });
});

test("the tenant's own zone needs no address", async () => {
  const onViewChange = vi.fn();
  show(<ZonePicker shown="Asia/Tokyo" tenantZone="Europe/Berlin" />, {
    view: { ...view, tz: 'Asia/Tokyo' },
    onViewChange,
  });
  await userEvent.click(screen.getByRole('button', { name: /Time zone/ }));
  await userEvent.click(screen.getByRole('option', { name: /Europe \/ Berlin/ }));
  expect(onViewChange).toHaveBeenCalledWith({ ...view, tz: undefined });
});

test('a zone that does not exist is said not to', async () => {
  show(<ZonePicker shown="UTC" tenantZone="UTC" />, { view });
  await userEvent.click(screen.getByRole('button', { name: /Time zone/ }));
  await userEvent.keyboard('atlantis{Enter}');
  expect(screen.getByText('No zone has this name.')).toBeTruthy();
});
