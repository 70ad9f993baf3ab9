import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { me } from '../../testing/fixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { apiKey, recording, settingsAnswers } from '../../testing/settingsFixtures.ts';
import { FirstRun } from './FirstRun.tsx';

const command = () =>
  screen.getByRole('region', { name: 'Command that sends the first event' }).textContent ?? '';

test('a key that is made stands in every command', async () => {
  const { answer, sent } = recording(() => ({ ...apiKey({ name: 'Backend' }), token: 'mw_first' }));
  show(<FirstRun me={me()} origin="http://meterwire.test" />, { answer });
  expect(command()).toContain('$METERWIRE_KEY');
  await userEvent.click(screen.getByRole('button', { name: 'Make a key' }));
  await waitFor(() => expect(command()).toContain('Bearer mw_first'));
  expect(sent).toEqual([['POST', '/api/v1/keys', { name: 'Backend', role: 'ingest' }]]);
  for (const language of ['Python', 'JavaScript']) {
    await userEvent.click(screen.getByRole('tab', { name: language }));
    expect(command()).toContain('mw_first');
    expect(command()).toContain('http://meterwire.test/api/v1/events');
    expect(command()).not.toContain('METERWIRE_KEY');
  }
});

test('an admin’s own command names the tenant, one with the tenant’s key needs not', async () => {
  const { answer } = recording(() => ({ ...apiKey(), token: 'mw_first' }));
  const view = { range: { preset: '7d' }, filters: {}, tenant: 'acme' } as const;
  show(<FirstRun me={me({ role: 'admin', key: null })} origin="http://m.test" />, { answer, view });
  expect(command()).toContain('?tenant=acme');
  await userEvent.click(screen.getByRole('button', { name: 'Make a key' }));
  await waitFor(() => expect(command()).toContain('mw_first'));
  expect(command()).not.toContain('?tenant=');
});

test('who may not make keys is told who may', () => {
  show(<FirstRun me={me({ role: 'viewer' })} origin="http://m.test" />, { answer: settingsAnswers });
  expect(screen.queryByRole('button', { name: 'Make a key' })).toBeNull();
  expect(screen.getByText(/an owner or ingest key/i)).toBeTruthy();
});

test('where the stream is refused it is said that the page looks now and then', async () => {
  const answer: Answer = (url, request) =>
    url.pathname === '/api/v1/usage/stream'
      ? new Refusal(403, { error: 'Forbidden', code: 'forbidden', message: 'Not you.' })
      : settingsAnswers(url, request);
  show(<FirstRun me={me()} origin="http://m.test" />, { answer });
  await screen.findByText('Looking every half a minute.');
});
