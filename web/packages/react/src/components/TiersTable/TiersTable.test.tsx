import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { limitsAnswers, tier, TIERS } from '../../testing/limitsFixtures.ts';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { TiersTable } from './TiersTable.tsx';

/** Answers as usual, and keeps what was to be changed. */
function recording(onChange: (request: Request) => unknown): { answer: Answer; sent: unknown[] } {
  const sent: unknown[] = [];
  const answer: Answer = async (url, request) => {
    if (request.method === 'GET') return limitsAnswers(url, request);
    const text = await request.text();
    sent.push([request.method, url.pathname, text ? JSON.parse(text) : undefined]);
    return onChange(request);
  };
  return { answer, sent };
}

const page = (canChange = true) => (
  <NoticeProvider>
    <TiersTable canChange={canChange} />
  </NoticeProvider>
);

test('shows what each tier allows', async () => {
  show(page(false), { answer: limitsAnswers });
  const rows = within(await screen.findByRole('table')).getAllByRole('row');
  expect(rows[1]?.textContent).toBe('free5,00010UnlimitedUnlimited2');
  expect(rows[2]?.textContent).toBe('pro50,00050Unlimited71');
  expect(screen.queryByRole('button')).toBeNull();
});

test('a limit is changed in place: only it is sent, and it is said', async () => {
  const { answer, sent } = recording(() => TIERS[0]);
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the limits of free' }));
  const form = screen.getByRole('form', { name: 'Limits of the tier free' });
  const field = within(form).getByRole('textbox', { name: 'Deployments' });
  expect((field as HTMLInputElement).value).toBe('10');
  await userEvent.clear(field);
  await userEvent.type(field, '25');
  await userEvent.click(within(form).getByRole('switch', { name: 'Unlimited: API calls' }));
  await userEvent.click(within(form).getByRole('button', { name: 'Save limits' }));
  await screen.findByText(/Saved the tier free: API calls 5,000 → Unlimited, Deployments 10 → 25/);
  expect(sent).toEqual([['PATCH', '/api/v1/tiers/free', { limits: { api_calls: null, deployments: 25 } }]]);
  expect(screen.queryByRole('form')).toBeNull();
});

test('what is no limit is refused in place, and nothing is sent', async () => {
  const { answer, sent } = recording(() => TIERS[0]);
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the limits of free' }));
  const field = screen.getByRole('textbox', { name: 'Deployments' });
  await userEvent.clear(field);
  await userEvent.type(field, 'lots{Enter}');
  expect(screen.getByText('Enter a number such as 10 or 2.5.')).toBeTruthy();
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(field);
  await userEvent.clear(field);
  await userEvent.keyboard('{Enter}');
  expect(screen.getByText('Enter a limit, or choose Unlimited.')).toBeTruthy();
  expect(sent).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await userEvent.click(screen.getByRole('button', { name: 'Discard the changes' }));
  expect(screen.queryByRole('form')).toBeNull();
});

test('an error of the server stays beside the form with what was entered', async () => {
  const { answer } = recording(
    () => new Refusal(409, { error: 'Conflict', code: 'conflict', message: 'Somebody was faster.' }),
  );
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the limits of free' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Deployments' }), '0{Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe('Somebody was faster.');
  expect((screen.getByRole('textbox', { name: 'Deployments' }) as HTMLInputElement).value).toBe('100');
});

test('a tier is added with the limits of free to begin with', async () => {
  const { answer, sent } = recording(() => TIERS[0]);
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Add a tier' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'free{Enter}');
  expect(screen.getByText('There is a tier with this name already.')).toBeTruthy();
  await userEvent.clear(screen.getByRole('textbox', { name: 'Name' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'team{Enter}');
  await screen.findByText('Added the tier team.');
  expect(sent).toEqual([
    [
      'POST',
      '/api/v1/tiers',
      { name: 'team', limits: { api_calls: 5000, deployments: 10, storage: null, builds: null } },
    ],
  ]);
});

test('only a tier without users can be deleted, and never free', async () => {
  const { answer, sent } = recording(() => ({}));
  show(page(), { answer });
  await screen.findByRole('button', { name: 'Delete the tier trial' });
  expect(screen.queryByRole('button', { name: 'Delete the tier free' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Delete the tier pro' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Delete the tier trial' }));
  const dialog = screen.getByRole('dialog', { name: 'Delete the tier trial?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Delete the tier trial' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete the tier' }));
  await waitFor(() => expect(sent).toEqual([['DELETE', '/api/v1/tiers/trial', undefined]]));
  await screen.findByText('Deleted the tier trial.');
});

test('a form that is open survives a server that is away, and what others changed meanwhile', async () => {
  const sent: unknown[] = [];
  let state: 'well' | 'away' | 'changed' = 'well';
  const answer: Answer = async (url, request) => {
    if (request.method === 'PATCH') {
      sent.push(await request.json());
      return TIERS[0];
    }
    if (url.pathname === '/api/v1/tiers' && state === 'away') {
      return new Refusal(503, { error: 'Service not available', code: 'unavailable', message: 'Not now.' });
    }
    if (url.pathname === '/api/v1/tiers' && state === 'changed') {
      return { items: [tier({ limits: { ...tier().limits, api_calls: 9 } })], nextCursor: null };
    }
    return limitsAnswers(url, request);
  };
  const { queryClient } = show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the limits of free' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Deployments' }), '5');
  state = 'away';
  await queryClient.refetchQueries();
  expect((await screen.findByRole('alert')).textContent).toContain('Not up to date: Not now.');
  expect((screen.getByRole('textbox', { name: 'Deployments' }) as HTMLInputElement).value).toBe('105');
  state = 'changed';
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Save limits' }));
  await waitFor(() => expect(sent).toEqual([{ limits: { deployments: 105 } }]));
});
