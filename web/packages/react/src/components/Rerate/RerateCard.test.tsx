import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { type Answer, Refusal, show } from '../../testing/render.tsx';
import { rerate, rerateDifference, settingsAnswers } from '../../testing/settingsFixtures.ts';
import { useOpened } from '../Form/Opened.tsx';
import { JobsList } from '../JobsList/JobsList.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { RerateCard, type RerateOnly } from './RerateCard.tsx';

function Page({ onAudit }: { onAudit?: (id: string) => void }) {
  return (
    <NoticeProvider>
      <RerateCard place={useOpened<RerateOnly>()} zone="UTC" onAudit={onAudit} />
      <JobsList />
    </NoticeProvider>
  );
}

interface Asked {
  dry_run: boolean;
  basis?: string;
}

/** A server whose re-rating is at `now`; keeps what was asked of it. */
function server(onRerate: (asked: Asked) => unknown, now = rerate()): { answer: Answer; sent: Asked[] } {
  const sent: Asked[] = [];
  const answer: Answer = async (url, request) => {
    if (url.pathname === '/api/v1/prices/rerates/re-1') return now;
    if (request.method === 'GET') return settingsAnswers(url, request);
    const asked = (await request.json()) as Asked;
    sent.push(asked);
    return onRerate(asked);
  };
  return { answer, sent };
}

async function askFor(from = '2026-11-01'): Promise<HTMLElement> {
  await userEvent.click(await screen.findByRole('button', { name: 'Re-rate usage' }));
  const form = screen.getByRole('form', { name: 'New re-rating' });
  const first = within(form).getByLabelText('First day');
  await userEvent.clear(first);
  await userEvent.type(first, from);
  const last = within(form).getByLabelText('Last day');
  await userEvent.clear(last);
  await userEvent.type(last, '2026-11-22');
  await userEvent.type(within(form).getByRole('combobox', { name: 'Model' }), 'large');
  await userEvent.click(within(form).getByRole('button', { name: 'Show the difference' }));
  return form;
}

test('the difference is shown before anything happens: whole, by model, and what moves with it', async () => {
  const { answer, sent } = server(() => rerateDifference());
  show(<Page />, { answer });
  await askFor();
  const panel = await screen.findByRole('region', { name: 'What would change' });
  expect(document.activeElement).toBe(panel);
  expect(sent).toEqual([
    { from: '2026-11-01', to: '2026-11-23', tz: 'UTC', only: 'all', model: 'large', dry_run: true },
  ]);
  const text = panel.textContent ?? '';
  expect(text).toContain('3 of 5 events would be rated anew.');
  expect(text).toContain('from $0.20 to $1.70, by +$1.50');
  expect(text).toContain('1 budget would move');
  expect(text).toContain('2026-10');
  expect(text).toContain('2 events carry a cost that was sent');
  const rows = within(panel).getAllByRole('row');
  expect(rows[1]?.textContent).toContain('largeown3 of 3No price$1.50+$1.50');
});

test('it begins only after it was asked, and its end is told among the work', async () => {
  const { answer, sent } = server((asked) =>
    asked.dry_run ? rerateDifference() : rerate({ state: 'running', done: 0 }),
  );
  const onAudit = vi.fn();
  show(<Page onAudit={onAudit} />, { answer });
  await askFor();
  await userEvent.click(await screen.findByRole('button', { name: 'Re-rate 3 events…' }));
  const dialog = screen.getByRole('dialog', { name: 'Re-rate 3 events?' });
  expect(sent).toHaveLength(1);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Re-rate them' }));
  const work = await screen.findByRole('list', { name: 'Work' });
  expect(sent[1]).toMatchObject({ dry_run: false, basis: 'b-1', model: 'large' });
  expect(work.textContent).toContain('also when the window is closed');
  await waitFor(
    () => expect(work.textContent).toContain('3 events rated anew, +$1.50, 3 calls got a price.'),
    {
      timeout: 3000,
    },
  );
  await userEvent.click(screen.getByRole('button', { name: /^Audit log of the re-rating/ }));
  expect(onAudit).toHaveBeenCalledWith('re-1');
});

test('where something else would change by now, that is shown and nothing begins', async () => {
  const changed = new Refusal(409, { error: 'Conflict', code: 'rerate_changed', message: 'It has changed.' });
  let asked = 0;
  const { answer } = server(({ dry_run }) => {
    if (!dry_run) return changed;
    asked += 1;
    return asked === 1
      ? rerateDifference()
      : rerateDifference({ basis: 'b-2', changed: 4, cost_after: '2.2' });
  });
  show(<Page />, { answer });
  await askFor();
  await userEvent.click(await screen.findByRole('button', { name: 'Re-rate 3 events…' }));
  await userEvent.click(screen.getByRole('button', { name: 'Re-rate them' }));
  await screen.findByText('Prices or events have changed since. This is the difference now.');
  expect(screen.getByRole('button', { name: 'Re-rate 4 events…' })).toBeTruthy();
});

test('a wish that the server refuses is told at its field, and going back keeps what was entered', async () => {
  let refuses = true;
  const { answer } = server(() =>
    refuses
      ? new Refusal(422, { error: 'Invalid', code: 'invalid', message: 'from is too old', field: 'from' })
      : rerateDifference({ changed: 0, difference: '0' }),
  );
  show(<Page />, { answer });
  const form = await askFor();
  await within(form).findByText('from is too old');
  expect(document.activeElement).toBe(within(form).getByLabelText('First day'));
  refuses = false;
  await userEvent.click(within(form).getByRole('button', { name: 'Show the difference' }));
  await screen.findByText(/^Nothing would change/);
  expect(screen.queryByRole('button', { name: /^Re-rate \d/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Change the range' }));
  expect((screen.getByRole('combobox', { name: 'Model' }) as HTMLInputElement).value).toBe('large');
});

test('one that is running shows how far it is', async () => {
  const running = rerate({ state: 'running', done: 2, ended_at: null });
  show(<Page />, {
    answer: (url, request) =>
      url.pathname === '/api/v1/prices/rerates'
        ? { items: [running], nextCursor: null }
        : settingsAnswers(url, request),
  });
  const bar = await screen.findByRole('meter', { name: 'Re-rating of usage' });
  expect(bar.getAttribute('aria-valuetext')).toBe('2 of 5 events');
});
