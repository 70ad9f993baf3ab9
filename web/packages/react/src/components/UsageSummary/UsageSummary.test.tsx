import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Refusal, show, usualAnswers } from '../../testing/render.tsx';
import { UsageSummary } from './UsageSummary.tsx';

test('shows the totals of the answer against the period before', async () => {
  const { asked } = show(<UsageSummary />);
  const totals = await screen.findByRole('group', { name: 'Totals' });
  await within(totals).findByText('6,000');
  expect(totals.textContent).toMatch(/Calls60up 20\.0 %\s*from 13–15 Nov/);
  expect(totals.textContent).toMatch(/Tokens6,000down 25\.0 %/);
  expect(totals.textContent).toMatch(/Cost\$1\.23\$1\.234567No change/);
  expect(totals.textContent).toContain('3 calls without a price');
  expect(totals.textContent).toMatch(/Errors2Up from 0/);
  expect(asked[0]?.searchParams.get('compare')).toBe('previous');
  expect(asked[0]?.searchParams.get('metrics')).toBe('calls,tokens,cost,errors');
});

test('while loading it shows no number at all', async () => {
  show(<UsageSummary />, { answer: () => new Promise(() => {}) });
  const totals = await screen.findByRole('group', { name: 'Totals' });
  expect(totals.textContent).not.toMatch(/\d/);
  expect(within(totals).getAllByRole('status')).toHaveLength(4);
});

test('an error shows what to do instead of numbers, and Retry asks again', async () => {
  let broken = true;
  const { container } = show(<UsageSummary />, {
    answer: (url, request) =>
      broken
        ? new Refusal(500, {
            error: 'Internal error',
            code: 'internal',
            message: 'Something broke.',
            request_id: 'req-7',
          })
        : usualAnswers(url, request),
  });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Something broke.');
  expect(alert.textContent).toContain('req-7');
  expect(container.textContent).not.toContain('6,000');
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await screen.findByText('6,000');
});
