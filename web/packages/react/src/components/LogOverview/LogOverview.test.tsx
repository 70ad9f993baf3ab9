import type { Receipt } from '@meterwire/client';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DEFAULT_EVENTS, type EventsState } from '../../logic/events.ts';
import { logItem, logPage, me, overview } from '../../testing/fixtures.ts';
import { type Answer, show } from '../../testing/render.tsx';
import { LogOverview } from './LogOverview.tsx';

const receipt = {
  basis: 'priced',
  cost_usd: '0.006',
  explanation: 'rated with openai/gpt-4o',
  voided_at: null,
  price: { id: 'p-1', provider: 'openai', model: 'gpt-4o', source: 'book', in_force: true },
  account: {
    service_tier: 'default',
    tier_fallback: false,
    context_above: null,
    lines: [
      {
        bucket: 'input_uncached',
        quantity: 1200,
        rate_usd: '0.0000025',
        rate_usd_per_million: '2.5',
        amount_usd: '0.003',
      },
      {
        bucket: 'output_visible',
        quantity: 300,
        rate_usd: '0.00001',
        rate_usd_per_million: '10',
        amount_usd: '0.003',
      },
    ],
    sum_usd: '0.006',
    rounding_usd: '0',
    total_usd: '0.006',
  },
  event: {
    id: 'a',
    source: 'api',
    time: '2026-11-16T10:30:05Z',
    received_at: '2026-11-16T10:30:06Z',
    model: 'gpt-4o',
    usage: { input_tokens: 1200, output_tokens: 300 },
    metrics: {},
    properties: { feature: 'reply' },
  },
} as unknown as Receipt;

const items = [logItem(), logItem({ id: 'b', user: 'u-2', cost: 0.1 })];
const answers: Answer = (url) => {
  if (url.pathname.startsWith('/api/v1/events/')) return receipt;
  if (url.pathname === '/api/usage/log')
    return logPage({ items, total: 60, pageSize: 50, nextCursor: 'next-1' });
  return overview();
};

function open(part: Partial<EventsState> = {}) {
  const onStateChange = vi.fn();
  const onViewChange = vi.fn();
  const view = { range: { preset: '7d' as const }, filters: {} };
  const shown = show(
    <LogOverview me={me()} state={{ ...DEFAULT_EVENTS, ...part }} onStateChange={onStateChange} />,
    { answer: answers, view, onViewChange },
  );
  return { ...shown, onStateChange, onViewChange };
}

test('the next page is where the cursor says, and the first is without one', async () => {
  const { onStateChange, asked } = open({ page: 2, cursor: 'here' });
  await userEvent.click(await screen.findByRole('button', { name: 'Next page' }));
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ page: 3, cursor: 'next-1' }));
  await userEvent.click(screen.getByRole('button', { name: 'Previous page' }));
  expect(onStateChange).toHaveBeenLastCalledWith(DEFAULT_EVENTS);
  const log = asked.find((url) => url.pathname === '/api/usage/log');
  expect([log?.searchParams.get('cursor'), log?.searchParams.get('page')]).toEqual(['here', null]);
});

test('another order begins at the first page', async () => {
  const { onStateChange } = open({ page: 2, cursor: 'here' });
  await userEvent.click(await screen.findByRole('button', { name: 'User' }));
  expect(onStateChange).toHaveBeenLastCalledWith({ ...DEFAULT_EVENTS, sort: 'user' });
});

test('rows add up below, a value filters, a row opens', async () => {
  const { onStateChange, onViewChange } = open();
  const table = await screen.findByRole('table');
  const rows = within(table).getAllByRole('row');
  expect(rows.at(-1)?.textContent).toContain('2 events on this page');
  expect(rows.at(-1)?.textContent).toContain('$0.106');
  await userEvent.click(within(table).getByRole('button', { name: 'u-2' }));
  expect(onViewChange).toHaveBeenCalledWith({ range: { preset: '7d' }, filters: { user: ['u-2'] } });
  expect(onStateChange).not.toHaveBeenCalled();
  await userEvent.click(within(table).getByRole('button', { name: /^Receipt of b/ }));
  expect(onStateChange).toHaveBeenCalledWith({ ...DEFAULT_EVENTS, receipt: { source: 'api', id: 'b' } });
});

test('a receipt says how the cost came about, and the neighbours are one step away', async () => {
  const { onStateChange } = open({ receipt: { source: 'api', id: 'a' } });
  const drawer = await screen.findByRole('dialog', { name: 'Receipt' });
  const account = await within(drawer).findByRole('region', { name: 'How the cost came about' });
  expect(account.textContent).toContain('Input, not cached1,200$2.50$0.003');
  expect(account.textContent).toContain('Total$0.006');
  expect(drawer.textContent).toContain('featurereply');
  await within(drawer).findByRole('button', { name: 'Event below' });
  await userEvent.click(within(drawer).getByRole('button', { name: 'Event below' }));
  expect(onStateChange).toHaveBeenLastCalledWith(
    expect.objectContaining({ receipt: { source: 'api', id: 'b' } }),
  );
  await userEvent.click(within(drawer).getByRole('button', { name: 'Close' }));
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ receipt: undefined }));
});

test('columns are chosen, and one always stays', async () => {
  const { onStateChange } = open({ fields: ['cost'] });
  await userEvent.click(await screen.findByRole('button', { name: /^Columns/ }));
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Cost' }).disabled).toBe(true);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Agent' }));
  expect(onStateChange).toHaveBeenLastCalledWith(expect.objectContaining({ fields: ['cost', 'agent'] }));
});
