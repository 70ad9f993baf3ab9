import { expect, test } from 'vitest';
import { createClient, LimitExceededError } from '../src/index.ts';
import { OVER_BUDGET } from './fakeServer.ts';

interface Seen {
  method: string;
  url: string;
  body: unknown;
}

function recording(answer: unknown = {}) {
  const seen: Seen[] = [];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token: 'mw_secret',
    fetch: async (request) => {
      const text = await request.text();
      seen.push({
        method: request.method,
        url: request.url.replace('http://meterwire.test', ''),
        body: text ? JSON.parse(text) : undefined,
      });
      return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
    },
  });
  return { client, seen, last: () => seen.at(-1) };
}

test('budgets are asked for, made, changed, split and looked back on', async () => {
  const { client, seen } = recording();
  await client.budgets.list({ tenant: 'acme', limit: 5, cursor: 'c' });
  await client.budgets.create({ name: 'Support', amount_usd: '250.00', period: 'month' });
  await client.budgets.change('b/1', { hard: true });
  await client.budgets.split('b', { by: 'department', parts: [{ value: 'care', share: 0.4 }] });
  await client.budgets.history('b', 12);
  await client.budgets.remove('b');
  expect(seen).toEqual([
    { method: 'GET', url: '/api/v1/budgets?tenant=acme&limit=5&cursor=c', body: undefined },
    {
      method: 'POST',
      url: '/api/v1/budgets',
      body: { name: 'Support', amount_usd: '250.00', period: 'month' },
    },
    { method: 'PATCH', url: '/api/v1/budgets/b%2F1', body: { hard: true } },
    {
      method: 'POST',
      url: '/api/v1/budgets/b/split',
      body: { by: 'department', parts: [{ value: 'care', share: 0.4 }] },
    },
    { method: 'GET', url: '/api/v1/budgets/b/history?periods=12', body: undefined },
    { method: 'DELETE', url: '/api/v1/budgets/b', body: undefined },
  ]);
});

test('spend is of a tenant, a workspace or a range', async () => {
  const { client, last } = recording();
  await client.spend.budgetStatus({ workspace: 'support-bot', tz: 'Europe/Berlin' });
  expect(last()?.url).toBe('/api/usage/budget-status?workspace=support-bot&tz=Europe%2FBerlin');
  await client.spend.dashboard('a b');
  expect(last()?.url).toBe('/api/usage/dashboard/a%20b');
  await client.spend.byDepartment({ range: '30d', compare: 'previous', filter: { project: ['a'] } });
  expect(last()?.url).toBe('/api/v1/departments/costs?range=30d&compare=previous&filter%5Bproject%5D=a');
  await client.spend.reconciliation({ from: '2026-11-01', to: '2026-11-08', provider: 'openai' });
  expect(last()?.url).toBe('/api/v1/reconciliation?from=2026-11-01&to=2026-11-08&provider=openai');
});

test('channels, alerts, rules, connections and closings have their verbs', async () => {
  const { client, seen } = recording();
  await client.channels.test('c');
  await client.alerts.snooze('a', null);
  await client.alerts.retry('a', { tenant: 'acme' });
  await client.alertRules.change('spend_spike', { params: { weeks: 2 } });
  await client.connections.backfill('p', { from: '2026-09-01', to: '2026-10-01' });
  await client.closings.close('2026-10');
  await client.closings.changes('x', { cursor: 'n' });
  expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/api/v1/channels/c/test', undefined],
    ['POST', '/api/v1/alerts/a/snooze', { until: null }],
    ['POST', '/api/v1/alerts/a/retry?tenant=acme', undefined],
    ['PATCH', '/api/v1/alert-rules/spend_spike', { params: { weeks: 2 } }],
    ['POST', '/api/v1/providers/p/backfill', { from: '2026-09-01', to: '2026-10-01' }],
    ['POST', '/api/v1/closings', { month: '2026-10' }],
    ['GET', '/api/v1/closings/x/changes?cursor=n', undefined],
  ]);
});

test('a file comes as it is, and a refused one is an error', async () => {
  const bytes = new Uint8Array([37, 80, 68, 70, 0, 255]);
  let asked = '';
  const answers = [
    new Response(bytes, { headers: { 'Content-Type': 'application/pdf' } }),
    new Response(
      JSON.stringify({ detail: { error: 'Not found', code: 'not_found', message: 'no closing x' } }),
      {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
      },
    ),
  ];
  const client = createClient({
    baseUrl: 'http://meterwire.test',
    token: 'mw_secret',
    fetch: async (request) => {
      asked = `${request.headers.get('authorization')} ${request.url}`;
      return answers.shift() as Response;
    },
  });
  const what = { path: { id: 'x' }, query: { format: 'pdf' } };
  const file = await client.file('/api/v1/closings/{id}/statement', what);
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
  expect(asked).toBe('Bearer mw_secret http://meterwire.test/api/v1/closings/x/statement?format=pdf');
  await expect(client.file('/api/v1/closings/{id}/statement', what)).rejects.toMatchObject({
    status: 404,
    message: 'no closing x',
  });
});

test('a refusal of a hard budget says which one, and trying again does not help', async () => {
  for (const code of ['budget_exceeded', 'unpriced_model']) {
    const client = createClient({
      baseUrl: 'http://meterwire.test',
      fetch: async () =>
        new Response(JSON.stringify({ detail: { ...OVER_BUDGET, code } }), {
          status: 429,
          headers: { 'Content-Type': 'application/json', 'Retry-After': '60' },
        }),
    });
    const error = await client.reserve({ cost_usd: '1', model: 'gpt-4o' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LimitExceededError);
    expect(error).toMatchObject({
      code,
      retryable: false,
      retryAfterSeconds: 60,
      detail: { budget: { name: 'support', remaining_usd: '0' } },
    });
  }
});
