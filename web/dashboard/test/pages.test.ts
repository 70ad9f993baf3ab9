import { expect, test } from 'vitest';
import { PAGES, takenAlong } from '../src/shell/pages.ts';

test('the range goes along to pages that follow it, the tenant to all', () => {
  const search = { range: '30d', tz: 'Asia/Kolkata', provider: 'openai', tab: 'x', tenant: 'other' };
  expect(takenAlong(search, undefined, { follows: true })).toEqual({ range: '30d', tz: 'Asia/Kolkata' });
  expect(takenAlong(search, 'acme', {})).toEqual({ tenant: 'acme' });
  expect(takenAlong({ from: '2026-11-01', to: '2026-11-03' }, 'acme', { follows: true })).toEqual({
    tenant: 'acme',
    from: '2026-11-01',
    to: '2026-11-03',
  });
});

test('the address of a tenant’s page is made of its name', () => {
  expect(PAGES.map(({ to }) => to('a b'))).toContain('/dashboard/a%20b/usage');
});
