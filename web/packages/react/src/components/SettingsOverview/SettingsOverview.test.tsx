import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { SETTINGS_SECTIONS, type SettingsSection } from '../../logic/settings/sections.ts';
import { me } from '../../testing/fixtures.ts';
import { moneyAnswers } from '../../testing/moneyFixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import {
  dimension,
  project,
  recording,
  report,
  settingsAnswers,
  tenantSettings,
} from '../../testing/settingsFixtures.ts';
import { SettingsOverview } from './SettingsOverview.tsx';

const page = (section: SettingsSection, who = me()) => (
  <SettingsOverview
    me={who}
    section={section}
    nav={<nav aria-label="Settings" />}
    origin="http://meterwire.test"
    onTenant={() => {}}
  />
);

/** Channels and connections are those of the money's pages. */
const everything: Answer = (url, request) =>
  /channels|providers/.test(url.pathname) ? moneyAnswers(url, request) : settingsAnswers(url, request);

test.each(SETTINGS_SECTIONS)('the section %s shows a card for an owner', async (section) => {
  show(page(section), { answer: everything });
  expect(screen.getByRole('heading', { name: 'Settings', level: 1 })).toBeTruthy();
  await waitFor(() => expect(document.querySelector('.mw-skeleton')).toBeNull());
  expect(screen.getAllByRole('heading', { level: 2 }).length).toBeGreaterThan(0);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a viewer is told why there are no keys, and nothing is asked', async () => {
  const { asked } = show(page('keys', me({ role: 'viewer' })), { answer: everything });
  expect(screen.getByText(/Keys are made and revoked by an owner/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
  expect(asked).toEqual([]);
});

test('a shorter retention asks first, since what is dropped does not come back', async () => {
  const { answer, sent } = recording(() => tenantSettings({ retention_days: 90 }));
  show(page('tenant'), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const days = screen.getByRole('textbox', { name: 'Keep single events, days' });
  await userEvent.type(days, '10{Enter}');
  expect(screen.getByText(/Enter 35 to 3650 days/)).toBeTruthy();
  await userEvent.clear(days);
  await userEvent.type(days, '90{Enter}');
  const dialog = screen.getByRole('dialog', { name: 'Keep single events for 90 days only?' });
  expect(sent).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Drop what is older' }));
  await screen.findByText('Saved the tenant Acme.');
  expect(sent).toEqual([['PATCH', '/api/v1/tenants/acme', { retention_days: 90 }]]);
});

test('another name of the tenant needs no question', async () => {
  const { answer, sent } = recording(() => tenantSettings({ name: 'Acme Robotics' }));
  show(page('tenant'), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), ' Robotics{Enter}');
  await screen.findByText('Saved the tenant Acme Robotics.');
  expect(sent).toEqual([['PATCH', '/api/v1/tenants/acme', { name: 'Acme Robotics' }]]);
});

test('a project gets a department, and loses it again', async () => {
  const { answer, sent } = recording(() => project());
  show(page('projects'), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the project Support' }));
  await userEvent.clear(screen.getByRole('textbox', { name: 'Department' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Team' }), 'blue{Enter}');
  await screen.findByText('Saved the project Support.');
  expect(sent).toEqual([
    ['PATCH', '/api/v1/projects/support-bot', { name: 'Support', department: null, team: 'blue' }],
  ]);
});

test('a report is sent now, and its history opens', async () => {
  const { answer } = recording(() => ({
    n: 1,
    from: '2026-10-01T00:00:00Z',
    to: '2026-11-01T00:00:00Z',
    by_hand: true,
    state: 'failed',
    attempts: 1,
    made_at: '2026-11-22T10:00:00Z',
    next_at: null,
    delivered_at: null,
    last_error: 'No such mailbox.',
  }));
  show(page('reports'), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Send now: Statement' }));
  await screen.findByText('Statement could not be sent. No such mailbox.');
  expect(screen.getByRole('button', { name: 'History of Statement' }).getAttribute('aria-expanded')).toBe(
    'true',
  );
});

test('a report is made with recipients, a zone and a department', async () => {
  const { answer, sent } = recording(() => report({ name: 'Care' }));
  show(page('reports'), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Add a report' }));
  const form = screen.getByRole('form', { name: 'New report' });
  await userEvent.type(within(form).getByRole('textbox', { name: 'Recipients' }), 'nobody{Enter}');
  expect(within(form).getByText('“nobody” is not a mail address.')).toBeTruthy();
  await userEvent.clear(within(form).getByRole('textbox', { name: 'Recipients' }));
  await userEvent.type(within(form).getByRole('textbox', { name: 'Recipients' }), 'a@x.com, b@x.com');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name' }), 'Care');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Sent' }), 'week');
  await userEvent.selectOptions(within(form).getByRole('combobox', { name: 'Of' }), 'department');
  await userEvent.type(within(form).getByRole('combobox', { name: 'Department' }), 'care');
  await userEvent.type(within(form).getByRole('combobox', { name: 'Zone' }), 'Europe/Berlin{Enter}');
  await screen.findByText(/Added the report Care/);
  expect(sent).toEqual([
    [
      'POST',
      '/api/v1/reports',
      {
        name: 'Care',
        every: 'week',
        hour: 7,
        to: ['a@x.com', 'b@x.com'],
        formats: ['csv', 'pdf'],
        scope: { department: 'care' },
        timezone: 'Europe/Berlin',
      },
    ],
  ]);
});

test('a server without mail is told of before anybody waits for one', async () => {
  const answer: Answer = (url, request) =>
    url.pathname === '/api/v1/reports'
      ? { items: [report({ mail_is_set_up: false })], nextCursor: null }
      : settingsAnswers(url, request);
  show(page('reports'), { answer });
  await screen.findByText(/cannot send mail yet/);
});

test('a dimension shows how far old events are counted, by itself', async () => {
  let filled = 250;
  const answer: Answer = (url, request) =>
    url.pathname === '/api/v1/dimensions'
      ? {
          items: [
            filled < 1000
              ? dimension({ state: 'filling', filled_events: filled, events_to_fill: 1000 })
              : dimension(),
          ],
          nextCursor: null,
        }
      : settingsAnswers(url, request);
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    show(page('dimensions'), { answer });
    const meter = await screen.findByRole('meter', { name: 'Filling of feature' });
    expect(meter.getAttribute('aria-valuetext')).toBe('250 of about 1,000 events');
    filled = 1000;
    await vi.advanceTimersByTimeAsync(2_000);
    await waitFor(() => expect(screen.queryByRole('meter')).toBeNull());
    expect(screen.getByRole('row', { name: /^feature/ }).textContent).toContain('Ready');
  } finally {
    vi.useRealTimers();
  }
});

test('the audit log names what was done in words', async () => {
  show(page('audit'), { answer: everything });
  const row = await screen.findByRole('row', { name: /^API key revoked/ });
  expect(row.textContent).toContain('Key mw_ab12cd34…');
  expect(row.textContent).toContain('22 Nov 2026, 10:00:00');
});
