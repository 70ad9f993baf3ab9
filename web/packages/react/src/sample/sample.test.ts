import { expect, test } from 'vitest';
import { sampleFetch } from './client.ts';

const NOW = Date.parse('2026-11-22T10:30:00Z');

async function ask(path: string, now = NOW) {
  const answer = await sampleFetch(new Request(`https://sample.invalid${path}`), now);
  return answer.json();
}

const usd = (text: string) =>
  BigInt(text.split('.')[0] ?? '0') * 10n ** 9n + BigInt((text.split('.')[1] ?? '').padEnd(9, '0'));

test('the same moment has the same numbers', async () => {
  const path = '/api/v1/usage/query?range=30d&granularity=day&group_by=model&metrics=calls,cost';
  expect(await ask(path)).toEqual(await ask(path));
  expect(await ask(path)).not.toEqual(await ask(path, NOW + 86_400_000));
});

test('groups, days and every other view add up to the same total', async () => {
  const answer = await ask(
    '/api/v1/usage/query?range=7d&granularity=day&group_by=project&top=2&compare=previous',
  );
  const sum = (parts: { calls: number }[]) => parts.reduce((all, { calls }) => all + calls, 0);
  const cents = (parts: { cost_usd: string }[]) => parts.reduce((all, part) => all + usd(part.cost_usd), 0n);
  const totals = answer.groups.map((group: { total: unknown }) => group.total);
  expect(answer.total.calls).toBeGreaterThan(1000);
  expect(sum(answer.series)).toBe(answer.total.calls);
  expect(sum(totals)).toBe(answer.total.calls);
  expect(cents(answer.series)).toBe(usd(answer.total.cost_usd));
  expect(cents(totals)).toBe(usd(answer.total.cost_usd));
  expect(answer.groups.at(-1).other).toBe(true);
  const daily = await ask('/api/v1/usage/daily?days=7');
  expect(sum(daily.usage)).toBe(answer.total.calls);
  expect(daily.usage.at(-1).date).toBe('2026-11-22');
  const month = await ask('/api/v1/usage/query?range=this_month');
  expect((await ask('/api/v1/usage/summary')).total_calls).toBe(month.total.calls);
  expect((await ask('/api/tenants/x/usage/?period=month')).apiCalls.total).toBe(month.total.calls);
  expect((await ask('/api/tenants/x/quota')).apiCalls.used).toBe(month.total.calls);
  expect((await ask('/api/usage/current-month')).total_requests).toBe(month.total.calls);
});

test('every name says that it is a sample', async () => {
  const page = await ask('/api/usage/log?range=7d&page_size=100');
  expect(page.items).toHaveLength(100);
  for (const { id, projectName, provider, model, user } of page.items) {
    for (const name of [id, projectName, provider, model, user]) expect(name).toMatch(/^sample/i);
  }
  const file = await sampleFetch(new Request('https://sample.invalid/api/v1/export'), NOW);
  expect(await file.text()).toMatch(/^# Sample data: made up/);
});

test('what has no sample is refused, as are changes', async () => {
  const refused = await sampleFetch(new Request('https://sample.invalid/api/v1/keys'), NOW);
  expect(refused.status).toBe(404);
  const change = new Request('https://sample.invalid/api/v1/usage/summary', { method: 'POST' });
  expect((await sampleFetch(change, NOW)).status).toBe(404);
});
