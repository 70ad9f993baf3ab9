import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { user } from '../../testing/limitsFixtures.ts';
import { show } from '../../testing/render.tsx';
import { recording, settingsAnswers } from '../../testing/settingsFixtures.ts';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { UsersSettings } from './UsersSettings.tsx';

const page = (canChange = true) => (
  <NoticeProvider>
    <UsersSettings canChange={canChange} />
  </NoticeProvider>
);

test('who may not change is offered nothing, with the reason', async () => {
  show(page(false), { answer: settingsAnswers });
  await screen.findByRole('table');
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.getByText(/An owner changes tiers and names/)).toBeTruthy();
});

test('a user gets another name', async () => {
  const { answer, sent } = recording(() => user({ username: 'Grace' }));
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the user u-1' }));
  const name = screen.getByRole('textbox', { name: 'Name' });
  await userEvent.clear(name);
  await userEvent.type(name, 'Grace{Enter}');
  await screen.findByText('Saved the user u-1.');
  expect(sent).toEqual([['PATCH', '/api/v1/users/u-1', { username: 'Grace', tier: 'free' }]]);
});

test('a user is erased only after its id was typed', async () => {
  const { answer, sent } = recording(() => ({ pseudonym: 'erased-7', state: 'clearing' }));
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Erase the user u-1' }));
  const dialog = screen.getByRole('dialog', { name: 'Erase u-1?' });
  const erase = within(dialog).getByRole('button', { name: 'Erase for good' });
  await userEvent.click(erase);
  expect(erase.getAttribute('aria-disabled')).toBe('true');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Type u-1 to confirm' }), 'u-2');
  await userEvent.click(erase);
  expect(sent).toEqual([]);
  await userEvent.clear(within(dialog).getByRole('textbox'));
  await userEvent.type(within(dialog).getByRole('textbox'), 'u-1');
  await userEvent.click(erase);
  await screen.findByText(/erased-7 stands for the user now/);
  expect(sent).toEqual([['POST', '/api/v1/users/u-1/erase', { user: 'u-1' }]]);
});

test('a user is added on a tier', async () => {
  const { answer, sent } = recording(() => user({ id: 'u-9', tier: 'pro' }));
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Add a user' }));
  const form = screen.getByRole('form', { name: 'New user' });
  await userEvent.click(within(form).getByRole('button', { name: 'Add the user' }));
  expect(within(form).getByText(/Enter the id that your events carry/)).toBeTruthy();
  await waitFor(() => within(form).getByRole('option', { name: 'pro' }));
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Tier' }), 'pro');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Id' }), 'u-9{Enter}');
  await screen.findByText('Added the user u-9.');
  expect(sent).toEqual([['POST', '/api/v1/users', { id: 'u-9', tier: 'pro' }]]);
});
