import { expect, expectAccessible, expectTotals, signIn, test } from '../support/test.ts';
import { dayText, TOTALS } from '../support/usage.ts';

test('the totals are exactly what was sent', async ({ page, world }) => {
  await signIn(page, world.owner);
  await expectTotals(page, TOTALS['7 days']);
  const totals = page.getByRole('group', { name: 'Totals' });
  await expect(totals).toContainText('1 call without a price');
  await expect(totals.getByText('No previous data')).toHaveCount(4);
  await expectAccessible(page);
});

test('one change of the range changes every component', async ({ page, world }) => {
  await signIn(page, world.owner);
  await expectTotals(page, TOTALS['7 days']);
  const provider = page.getByRole('figure', { name: /^Tokens by provider/ });
  await expect(provider.getByRole('button', { name: /^mistral/ })).toHaveCount(0);

  await page.getByRole('radio', { name: '30 days' }).check();
  await expectTotals(page, TOTALS['30 days']);
  await expect(page.getByRole('figure', { name: /^Calls by day\. 37 calls over 30 days/ })).toBeVisible();
  await expect(provider.getByRole('button', { name: /^mistral/ })).toContainText('2,000');
  await expect(
    page.getByRole('figure', { name: /^Tokens by project/ }).getByRole('button', { name: /^\(none\)/ }),
  ).toContainText('2,000');
  await expect(page.getByText('37 events in this range')).toBeVisible();

  await page.getByRole('radio', { name: 'Today' }).check();
  await expectTotals(page, TOTALS.today);
  await expect(page.getByRole('figure', { name: /^Calls by hour\. 4 calls over 24 hours/ })).toBeVisible();
  await expect(page.getByText('4 events in this range')).toBeVisible();
});

test('custom days are shown, last day included', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.getByRole('button', { name: 'Custom range' }).click();
  await page.getByLabel('First day').fill(dayText(3));
  await page.getByLabel('Last day').fill(dayText(2));
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show these days' }).click();
  await expectTotals(page, { calls: '32', tokens: '1,530', cost: '$0.50003', errors: '1' });
  await expect(page).toHaveURL(new RegExp(`from=${dayText(3)}&to=${dayText(1)}`));
});

test('another zone moves the days and not the totals', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.getByRole('radio', { name: '30 days' }).check();
  await page.getByRole('button', { name: /Time zone/ }).click();
  await page.getByLabel('Find a time zone').fill('kolkata');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/tz=Asia%2FKolkata/);
  await expectTotals(page, TOTALS['30 days']);
  await expect(page.getByText('37 events in this range, times in Asia/Kolkata.')).toBeVisible();
  await expect(
    page
      .getByRole('table')
      .getByText(/05:30:0\d/)
      .first(),
  ).toBeVisible();
});

test('the log is sorted by the server in both directions, and paged to its end', async ({ page, world }) => {
  await signIn(page, world.owner);
  const table = page.getByRole('table');
  await table.getByRole('button', { name: 'Cost' }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('$0.25');
  await expect(page.getByRole('columnheader', { name: 'Cost' })).toHaveAttribute('aria-sort', 'descending');
  await table.getByRole('button', { name: 'Total Tokens' }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('1,200');
  await table.getByRole('button', { name: 'Total Tokens' }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('gpt-4o-mini');

  await expect(page.getByText('1–25 of 36')).toBeVisible();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page.getByText('26–36 of 36')).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(12);
  await expect(page).toHaveURL(/page=2/);
});

test('reload and back show the same view', async ({ page, world }) => {
  await signIn(page, world.owner, '/?range=30d&metric=tokens&sort=-cost&rows=50');
  const expectView = async () => {
    await expectTotals(page, TOTALS['30 days']);
    await expect(page.getByRole('radio', { name: '30 days' })).toBeChecked();
    await expect(page.getByRole('heading', { name: 'Tokens by day' })).toBeVisible();
    await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('mistral-large');
  };
  await expectView();
  await page.reload();
  await expectView();
  await page.getByRole('radio', { name: 'Today' }).check();
  await expectTotals(page, TOTALS.today);
  await page.goBack();
  await expectView();
  await page.goForward();
  await expectTotals(page, TOTALS.today);
});

test('a click on a provider filters the whole page until it is taken away', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page
    .getByRole('figure', { name: /^Tokens by provider/ })
    .getByRole('button', { name: /^anthropic/ })
    .click();
  await expectTotals(page, { calls: '2', tokens: '1,200', cost: '$0.50', errors: '1' });
  await expect(page.getByText('2 events in this range')).toBeVisible();
  await expect(page).toHaveURL(/provider=anthropic/);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove filter Provider: anthropic' }).click();
  await expectTotals(page, TOTALS['7 days']);
});

test('calls without a price are shown as such and never as nothing', async ({ page, world }) => {
  await signIn(page, world.owner, '/?provider=homegrown');
  const cost = page.getByRole('group', { name: 'Totals' }).getByRole('button', { name: /^Cost/ });
  await expect(cost).toContainText('No price');
  await expect(cost).not.toContainText('$');
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('No price');
});

test('an admin chooses the tenant, and the address keeps it', async ({ page, world }) => {
  await signIn(page, world.server.adminToken);
  const tenant = page.getByRole('combobox', { name: 'Tenant' });
  await tenant.selectOption('Acme Robotics');
  await expectTotals(page, TOTALS['7 days']);
  await expect(page).toHaveURL(/tenant=acme/);
  await tenant.selectOption('Quiet Ltd');
  await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await page.reload();
  await expect(tenant).toHaveValue('quiet');
});

test('the theme is chosen and remembered', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.getByRole('radio', { name: 'Dark theme' }).check();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark theme' })).toBeChecked();
  expect(await ground()).toBe(dark);
  await page.getByRole('radio', { name: 'Light theme' }).check();
  expect(await ground()).not.toBe(dark);
});
