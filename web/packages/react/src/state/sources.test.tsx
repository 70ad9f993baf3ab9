import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { ProviderBreakdownChart } from '../components/ProviderBreakdownChart/ProviderBreakdownChart.tsx';
import { UsageSummary } from '../components/UsageSummary/UsageSummary.tsx';
import { UsageOverview } from '../components/UsageWidget/UsageWidget.tsx';
import { useUsage } from '../hooks/index.ts';
import { live, stats } from '../testing/liveFixtures.ts';
import { type Answer, Refusal, show, usualAnswers } from '../testing/render.tsx';
import { forgetShared } from './context.ts';
import { environment } from './environment.ts';

const DOWN = new Refusal(503, { error: 'x', code: 'unavailable', message: 'The store is being restored.' });

const widgetAnswers: Answer = (url, request) =>
  url.pathname.startsWith('/api/tenants/') ? stats() : usualAnswers(url, request);

function Told() {
  const { summary, loading, error, source, sourceReason, asOf } = useUsage();
  if (loading) return <p>loading</p>;
  return (
    <p>
      {source}|{sourceReason}|{asOf ? 'dated' : 'undated'}|{error ?? summary?.total_calls}
    </p>
  );
}

afterEach(() => {
  forgetShared();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('what cannot be had is made up, and says so everywhere', async () => {
  show(<UsageOverview tenantSlug="acme" />, { answer: () => DOWN, fallback: true });
  const card = await screen.findByRole('region', { name: 'Usage overview Sample' });
  const notice = screen.getByRole('region', { name: 'Sample data' });
  expect(notice.textContent).toContain('Every number below is made up; none is yours.');
  expect(notice.textContent).toContain('The store is being restored.');
  expect(
    within(notice)
      .getAllByRole('button')
      .map(({ textContent }) => textContent),
  ).toEqual(['Retry']);
  expect(card.className).toContain('mw-sample');
  expect(within(card).getAllByRole('term')).toHaveLength(4);
});

test('names and accessible names of a sample say that it is one', async () => {
  show(
    <>
      <UsageSummary />
      <ProviderBreakdownChart />
    </>,
    { answer: () => DOWN, fallback: true },
  );
  const figure = await screen.findByRole('figure', {
    name: /^Sample data\. Tokens by provider\. Sample provider/,
  });
  for (const row of within(figure).getAllByRole('button'))
    expect(row.textContent).toMatch(/^Sample provider/);
  const totals = screen.getByRole('group', { name: 'Sample totals' });
  expect(within(totals).getAllByText('Sample')).toHaveLength(4);
  expect(screen.getAllByRole('region', { name: 'Sample data' })).toHaveLength(1);
});

test('Retry leads to real numbers, and nothing made up stays', async () => {
  let broken = true;
  show(<UsageOverview tenantSlug="acme" />, {
    fallback: true,
    answer: (url, request) => (broken ? DOWN : widgetAnswers(url, request)),
  });
  await screen.findByRole('region', { name: 'Sample data' });
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await screen.findByText('15,847');
  expect(screen.queryByText(/sample/i)).toBeNull();
});

test('a failed retry keeps the sample and its notice in their places, while it is asked too', async () => {
  let asked = 0;
  let fail = () => {};
  show(<UsageOverview tenantSlug="acme" />, {
    fallback: true,
    answer: async () => {
      asked += 1;
      if (asked > 1) await new Promise<void>((done) => (fail = done));
      return DOWN;
    },
  });
  const notice = await screen.findByRole('region', { name: 'Sample data' });
  const tile = screen.getByText('API calls');
  const stay = () => expect(notice.isConnected && tile.isConnected).toBe(true);
  await userEvent.click(within(notice).getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(asked).toBe(2));
  await act(() => new Promise((done) => setTimeout(done, 20)));
  stay();
  await act(async () => fail());
  await act(() => new Promise((done) => setTimeout(done, 20)));
  stay();
});

test('what was live stays, with its time, and is never replaced by a sample', async () => {
  let broken = false;
  const { queryClient } = show(<UsageOverview tenantSlug="acme" />, {
    fallback: true,
    answer: (url, request) => (broken ? DOWN : widgetAnswers(url, request)),
  });
  await screen.findByText('15,847');
  broken = true;
  await act(() => queryClient.invalidateQueries());
  const notice = await screen.findByRole('region', { name: 'Not live' });
  expect(notice.textContent).toMatch(
    /These are the last numbers, as of .*\d\d:\d\d\..*The store is being restored\./,
  );
  expect(screen.getByText('15,847')).toBeTruthy();
  expect(screen.queryByText(/sample/i)).toBeNull();
});

test('beside live numbers nothing is made up: what fails there is an error', async () => {
  show(
    <>
      <UsageOverview tenantSlug="acme" />
      <ProviderBreakdownChart />
    </>,
    {
      fallback: true,
      answer: (url, request) => (url.searchParams.has('group_by') ? DOWN : widgetAnswers(url, request)),
    },
  );
  await screen.findByText('15,847');
  expect((await screen.findByRole('alert')).textContent).toContain('The store is being restored.');
  expect(screen.queryByText(/sample/i)).toBeNull();
});

test('without the fallback the error is shown', async () => {
  show(<UsageOverview tenantSlug="acme" />, { answer: () => DOWN });
  expect((await screen.findByRole('alert')).textContent).toContain('The store is being restored.');
  expect(screen.queryByText(/sample/i)).toBeNull();
});

test('switched off, no server is asked at all', async () => {
  const { asked } = show(<UsageOverview tenantSlug="acme" />, { fallback: true, live: false });
  const notice = await screen.findByRole('region', { name: 'Sample data' });
  expect(notice.textContent).toContain('Live usage is switched off.');
  expect(within(notice).queryByRole('button')).toBeNull();
  expect(asked).toHaveLength(0);
});

test('the hook says where its numbers come from', async () => {
  const { unmount } = show(<Told />, {
    answer: ({ pathname }) => (pathname.endsWith('daily') ? live.daily : live.summary),
  });
  await screen.findByText('live||dated|1250');
  unmount();
  show(<Told />, {
    answer: () => new Refusal(401, { error: 'x', code: 'x', message: 'No token' }),
    fallback: true,
  });
  expect((await screen.findByText(/^sample/)).textContent).toMatch(/^sample\|No token\|undated\|\d+$/);
});

test('without a provider the environment of the build decides', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request.url);
    return Response.json(request.url.includes('daily') ? live.daily : live.summary);
  });
  vi.stubEnv('NEXT_PUBLIC_API_BASE', 'http://meterwire.test');
  vi.stubEnv('NEXT_PUBLIC_USE_LIVE_USAGE', '1');
  vi.stubEnv('NEXT_PUBLIC_USAGE_RATE_CENTS', '3');
  function Cents() {
    const { summary, source } = useUsage(2);
    return (
      <p>
        {source} {summary?.est_cost_cents}
      </p>
    );
  }
  const { unmount } = render(<Cents />);
  await screen.findByText('live 3750');
  expect(asked).toEqual([
    'http://meterwire.test/api/v1/usage/summary',
    'http://meterwire.test/api/v1/usage/daily?days=2',
  ]);
  unmount();
  forgetShared();
  vi.stubEnv('NEXT_PUBLIC_USE_LIVE_USAGE', 'true');
  render(<Cents />);
  await screen.findByText(/^sample \d+$/);
  expect(asked).toHaveLength(2);
});

test('where there is no process, nothing throws and nothing is asked', () => {
  vi.stubGlobal('process', undefined);
  expect(environment()).toEqual({ baseUrl: '', live: false, rateCents: undefined });
});
