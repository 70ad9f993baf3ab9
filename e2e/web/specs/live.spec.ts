import { call, test } from '../support/money.ts';
import { expect, expectAccessible, expectTotals, signIn } from '../support/test.ts';

test('what today has cost stands in the header as it changes, and the page follows by itself', async ({
  page,
  money,
}) => {
  await money.record([call('1')]);
  await signIn(page, money.owner, '/?range=today');
  const today = page.getByRole('banner').getByRole('link', { name: /^Today/ });
  await expect(today).toHaveText(/Today \$1\.00.*live/);
  await expectTotals(page, { calls: '1', tokens: '1,200', cost: '$1.00', errors: '0' });
  await money.record([call('2.5')]);
  await expect(today).toHaveText(/Today \$3\.50/, { timeout: 4_000 });
  await expectTotals(page, { calls: '2', tokens: '2,400', cost: '$3.50', errors: '0' });
  await money.record([call('', { id: 'no-price', provider: 'own', model: 'x', cost_usd: undefined })]);
  await expect(today).toHaveText(/\$3\.50 \+and 1 calls? without a price/, { timeout: 4_000 });
  await page.goto('/limits');
  await today.click();
  await expect(page).toHaveURL(/\/\?range=today/);
  await expectAccessible(page);
});

test('another tenant’s day is never shown for this one', async ({ page, world, money }) => {
  await money.record([call('7')]);
  await signIn(page, world.server.adminToken, `/?tenant=${money.tenant}`);
  const today = page.getByRole('banner').getByRole('link', { name: /^Today/ });
  await expect(today).toHaveText(/\$7\.00/);
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('quiet');
  await expect(today).toHaveText(/\$0\.00/);
});
