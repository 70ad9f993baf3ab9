import { expect, test } from 'vitest';
import { sampleFetch } from './client.ts';

const NOW = Date.parse('2026-11-22T10:30:00Z');

async function ask(path: string, now = NOW) {
  const answer = await sampleFetch(new Request(`https://sample.invalid${path}`), now);
  return answer.json();
}

/** Exact nano-dollars. */
function usd(text: string): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const nanos = BigInt(whole) * 10n ** 9n + BigInt(part.padEnd(9, '0'));
  return text.startsWith('-') ? -nanos : nanos;
}

const sumUsd = (texts: readonly string[]) => texts.reduce((all, text) => all + usd(text), 0n);

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

for (const compare of [
  'compare=previous',
  'compare=previous&match=weekday',
  'compare=last_year',
  'compare=custom&compare_from=2026-11-01&compare_to=2026-11-08',
]) {
  test(`a change is explained to the digit, and is the change of the totals: ${compare}`, async () => {
    const change = await ask(`/api/v1/usage/explain?range=7d&top=2&${compare}`);
    const totals = await ask(`/api/v1/usage/query?range=7d&metrics=cost&${compare}`);
    expect(change.cost_usd).toBe(totals.total.cost_usd);
    expect(change.compared_cost_usd).toBe(totals.compared.total.cost_usd);
    expect(change.compared.from).toBe(totals.compared.from);
    const { price_usd, volume_usd, mix_usd } = change.effects;
    expect(sumUsd([price_usd, volume_usd, mix_usd])).toBe(usd(change.difference_usd));
    expect(usd(change.cost_usd) - usd(change.compared_cost_usd)).toBe(usd(change.difference_usd));
    expect(change.models).toHaveLength(3);
    expect(change.models.at(-1).other).toBe(true);
    for (const name of ['price_usd', 'volume_usd', 'mix_usd']) {
      const parts = change.models.map((row: Record<string, string>) => row[name] ?? '');
      expect(sumUsd(parts), name).toBe(usd(change.effects[name]));
    }
    for (const row of change.models) {
      expect(sumUsd([row.price_usd, row.volume_usd, row.mix_usd])).toBe(usd(row.difference_usd));
    }
  });
}

test('a comparison by weekday begins on the same weekday', async () => {
  for (const compare of ['previous', 'last_year']) {
    const answer = await ask(`/api/v1/usage/explain?range=30d&compare=${compare}&match=weekday`);
    const weekday = (instant: string) => new Date(instant).getUTCDay();
    expect(weekday(answer.compared.from)).toBe(weekday(answer.from));
  }
});

for (const metric of ['cost', 'tokens', 'calls']) {
  test(`a forecast of ${metric} is what was used and what each day is expected to add`, async () => {
    const answer = await ask(`/api/v1/usage/forecast?range=this_month&metric=${metric}`);
    const used = await ask(`/api/v1/usage/query?range=this_month&metrics=${metric}`);
    const amount = (value: string | number) => (metric === 'cost' ? usd(String(value)) : BigInt(value));
    const total = metric === 'cost' ? used.total.cost_usd : used.total[metric];
    expect(amount(answer.actual_to_date)).toBe(amount(total));
    expect(answer.days).toHaveLength(30);
    const days = answer.days as Record<'date' | 'actual' | 'mean', string>[];
    const over = days.filter(({ mean }) => mean === null).map(({ actual }) => amount(actual));
    const toCome = days.filter(({ mean }) => mean !== null).map(({ mean }) => amount(mean));
    expect(over).toHaveLength(21);
    const sum = [...over, ...toCome].reduce((all, one) => all + one, 0n);
    expect(sum).toBe(amount(answer.forecast.mean));
    const { low_95, low_80, mean, high_80, high_95 } = answer.forecast;
    const rising = [answer.actual_to_date, low_95, low_80, mean, high_80, high_95].map((value) =>
      Number(amount(value)),
    );
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    expect(new Set(rising).size).toBe(rising.length);
    expect(answer.reason).toMatch(/made up/);
  });
}

test('every row of the log has a receipt whose lines add up to its cost', async () => {
  const page = await ask('/api/usage/log?range=24h&page_size=50');
  for (const { source, id, inputTokens, outputTokens, cost } of page.items) {
    const { account, event, cost_usd } = await ask(`/api/v1/events/${source}/${id}`);
    expect(Number(cost_usd)).toBe(cost);
    expect(sumUsd(account.lines.map((line: { amount_usd: string }) => line.amount_usd))).toBe(usd(cost_usd));
    expect(account.total_usd).toBe(cost_usd);
    for (const line of account.lines) {
      expect(BigInt(line.quantity) * usd(line.rate_usd)).toBe(usd(line.amount_usd));
      expect(usd(line.rate_usd_per_million)).toBe(usd(line.rate_usd) * 1_000_000n);
    }
    expect([event.usage.input_tokens, event.usage.output_tokens]).toEqual([inputTokens, outputTokens]);
  }
  expect((await sampleFetch(new Request('https://sample.invalid/api/v1/events/sample/x'), NOW)).status).toBe(
    404,
  );
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
