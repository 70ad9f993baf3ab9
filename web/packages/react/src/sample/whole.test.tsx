import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { LogOverview } from '../components/LogOverview/LogOverview.tsx';
import { UsageStatsPage } from '../components/UsageStatsPage/UsageStatsPage.tsx';
import { DEFAULT_EVENTS, type EventsState } from '../logic/events.ts';
import { DEFAULT_STATS } from '../logic/usageStats.ts';
import { me } from '../testing/fixtures.ts';
import { Refusal, show } from '../testing/render.tsx';

// Whole pages with no server behind them: everything on them is made up, says so, and nothing fails.

const DOWN = new Refusal(503, { error: 'x', code: 'unavailable', message: 'The store is being restored.' });
const view = { range: { preset: 'this_month' }, filters: {} } as const;
const sampled = { answer: () => DOWN, fallback: true, view };

beforeEach(() => {
  // jsdom has dialogs but cannot show them.
  HTMLDialogElement.prototype.showModal ??= vi.fn(function (this: HTMLDialogElement) {
    this.open = true;
  });
  HTMLDialogElement.prototype.close ??= vi.fn(function (this: HTMLDialogElement) {
    this.open = false;
  });
});

test('the page about usage explains, forecasts and ranks made-up usage without an error', async () => {
  show(
    <UsageStatsPage
      me={me()}
      state={DEFAULT_STATS}
      onStateChange={() => {}}
      origin="http://meterwire.test"
    />,
    sampled,
  );
  await screen.findByRole('group', { name: 'Sample totals' });
  await screen.findByRole('figure', { name: /^Sample data\. Why the cost changed\. Cost (rose|fell)/ });
  await screen.findByRole('figure', { name: /^Sample data\. Cost forecast\. \$.* expected for/ });
  await waitFor(() => expect(screen.getAllByRole('figure').length).toBeGreaterThanOrEqual(5));
  for (const figure of screen.getAllByRole('figure')) {
    expect(figure.getAttribute('aria-label')).toMatch(/^Sample data\. /);
  }
  for (const name of ['Why the cost changed', 'Cost forecast', 'Top models', 'Success and speed']) {
    const card = screen.getByRole('region', { name: `${name} Sample` });
    expect(within(card).queryByRole('alert')).toBeNull();
  }
});

test('the log opens a made-up receipt that is marked as one', async () => {
  function Log() {
    const [state, setState] = useState<EventsState>(DEFAULT_EVENTS);
    return <LogOverview me={me()} state={state} onStateChange={setState} />;
  }
  show(<Log />, sampled);
  const [row] = await screen.findAllByRole('button', { name: /^Receipt of sample-/ });
  if (row) await userEvent.click(row);
  const receipt = await screen.findByRole('dialog', { name: 'Receipt Sample', hidden: true });
  await within(receipt).findByText('A made-up row of the sample: its tokens at made-up rates.');
  expect(screen.queryByRole('alert')).toBeNull();
});
