import { call, type Money } from './money.ts';

/** Rather long for a phone and for a table too, and without a place to break it at. */
export const LONG = 'a-name-that-is-rather-long-for-a-phone-and-for-a-table-too';

/** Gives a tenant one of everything, with names that try to break the page. */
export async function fillWithLongNames({ client, record }: Money): Promise<void> {
  await record([
    call('1', { project: LONG, user: LONG, properties: { feature: 'x' } }),
    call('999999.123456789', { project: `${LONG}-2`, department: LONG }),
    call('', { id: 'unpriced', provider: 'own', model: LONG, cost_usd: undefined }),
  ]);
  await client.keys.create({ name: LONG, role: 'ingest', project: LONG });
  await client.prices.create({ provider: 'own', model: `${LONG}-priced`, input: '0.000125', output: '12.5' });
  await client.reports.create({ name: LONG, every: 'month', to: [`${LONG}@example.com`, 'b@example.com'] });
  await client.dimensions.create({ name: 'feature' });
  await client.budgets.create({ name: LONG, amount_usd: '1000000.50', scope: { project: LONG } });
}
