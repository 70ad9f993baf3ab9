import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { me } from '../../testing/fixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import { apiKey, recording, settingsAnswers } from '../../testing/settingsFixtures.ts';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { KeysTable } from './KeysTable.tsx';

const page = (
  <NoticeProvider>
    <KeysTable me={me()} origin="http://meterwire.test" />
  </NoticeProvider>
);

test('lists keys, one’s own marked, and revoked ones only when they are asked for', async () => {
  show(page, { answer: settingsAnswers });
  const table = await screen.findByRole('table');
  expect(within(table).getByRole('row', { name: /^prod You/ })).toBeTruthy();
  expect(within(table).queryByRole('row', { name: /^old/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show 1 revoked key' }));
  expect(within(table).getByRole('row', { name: /^old/ }).textContent).toContain('Revoked');
  expect(screen.queryByRole('button', { name: 'Revoke the key old' })).toBeNull();
});

test('a key is made, and its token is shown once with a command that carries it', async () => {
  const { answer, sent } = recording(() => ({ ...apiKey({ name: 'CI', role: 'ingest' }), token: 'mw_new' }));
  show(page, { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Make a key' }));
  const form = screen.getByRole('form', { name: 'New key' });
  await userEvent.click(within(form).getByRole('button', { name: 'Make the key' }));
  expect(within(form).getByText(/Enter a name/)).toBeTruthy();
  expect(sent).toEqual([]);
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'CI{Enter}');
  const token = await screen.findByRole('region', { name: 'Token of CI' });
  expect(sent).toEqual([['POST', '/api/v1/keys', { name: 'CI', role: 'ingest' }]]);
  expect(within(token).getByRole('region', { name: 'Token of CI, text' }).textContent).toBe('mw_new');
  expect(within(token).getByRole('region', { name: 'Command with the new key' }).textContent).toContain(
    'Bearer mw_new',
  );
  await userEvent.click(within(token).getByRole('button', { name: 'I have kept it' }));
  expect(document.body.textContent).not.toContain('mw_new');
});

test('a member key needs its user, and the choice of role says what it may', async () => {
  const { answer, sent } = recording(() => ({ ...apiKey(), token: 'mw_new' }));
  show(page, { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Make a key' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Role' }), 'member');
  expect(screen.getByText('Reads the usage of one user and consumes for it.')).toBeTruthy();
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'phone{Enter}');
  expect(screen.getByText('A member key is for one user: enter its id.')).toBeTruthy();
  await userEvent.type(screen.getByRole('combobox', { name: 'User' }), 'u-1{Enter}');
  await waitFor(() =>
    expect(sent).toEqual([['POST', '/api/v1/keys', { name: 'phone', role: 'member', user: 'u-1' }]]),
  );
});

test('a key is revoked only after it was asked', async () => {
  const { answer, sent } = recording(() => undefined);
  show(page, { answer: withoutBody(answer) });
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke the key backend' }));
  const dialog = screen.getByRole('dialog', { name: 'Revoke the key backend?' });
  expect(dialog.textContent).not.toContain('You are signed in');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Revoke the key prod' }));
  expect(screen.getByRole('dialog').textContent).toContain('You are signed in with this key');
  await userEvent.click(screen.getByRole('button', { name: 'Revoke the key' }));
  await screen.findByText('Revoked the key prod.');
  expect(sent).toEqual([['DELETE', '/api/v1/keys/1', undefined]]);
});

test('another key gets a new token, one’s own cannot: the page would be signed out before it is read', async () => {
  const { answer } = recording(() => ({ ...apiKey({ id: '2', name: 'backend' }), token: 'mw_second' }));
  show(page, { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'New token for backend' }));
  expect(screen.queryByRole('button', { name: 'New token for prod' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Make a new token' }));
  expect((await screen.findByRole('region', { name: 'Token of backend, text' })).textContent).toBe(
    'mw_second',
  );
});

function withoutBody(answer: Answer): Answer {
  return async (url, request) => (await answer(url, request)) ?? {};
}
