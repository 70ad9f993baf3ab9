import { expect, expectAccessible, expectTotals, signIn, test } from '../support/test.ts';
import { TOTALS } from '../support/usage.ts';

test('the chart over time is one tab stop with arrows, and Enter opens a day', async ({ page, world }) => {
  await signIn(page, world.owner);
  await expectTotals(page, TOTALS['7 days']);
  const chart = page.getByRole('figure', { name: /^Calls by day/ });
  await page.getByRole('button', { name: 'View as table: Calls by day' }).focus();
  await page.keyboard.press('Tab');
  await expect(chart.locator(':focus')).toHaveAccessibleName(/so far: 4 calls/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(chart.locator(':focus')).toHaveAccessibleName(/: 30 calls/);
  await expect(page.locator('.mw-tip')).toContainText('30');
  await page.keyboard.press('Tab');
  await expect(chart.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Calls by hour' })).toBeVisible();
  await expect(page.locator('.mw-bar:focus')).toHaveAccessibleName(/: \d+ calls?/);
  await expectTotals(page, { calls: '30', tokens: '330', cost: '$0.00003', errors: '0' });
  await page.goBack();
  await expectTotals(page, TOTALS['7 days']);
});

test('a breakdown is one tab stop with arrows, and Enter filters', async ({ page, world }) => {
  await signIn(page, world.owner);
  const provider = page.getByRole('figure', { name: /^Tokens by provider/ });
  await expect(provider).toBeVisible();
  await page.getByRole('button', { name: 'View as table: Tokens by provider' }).focus();
  await page.keyboard.press('Tab');
  await expect(provider.locator(':focus')).toHaveAccessibleName(/^openai/);
  await page.keyboard.press('ArrowDown');
  await expect(provider.locator(':focus')).toHaveAccessibleName(
    /^anthropic 23\.3 % 1,200 tokens, 2 calls, \$0\.50/,
  );
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/provider=anthropic/);
});

test('the cards choose what the chart draws', async ({ page, world }) => {
  await signIn(page, world.owner);
  const totals = page.getByRole('group', { name: 'Totals' });
  for (const name of ['Tokens', 'Cost', 'Errors']) {
    await totals.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await expect(page.getByRole('heading', { name: `${name} by day` })).toBeVisible();
    await expect(totals.getByRole('button', { pressed: true })).toHaveCount(1);
  }
});

test('every chart can be read as a table whose total is the card', async ({ page, world }) => {
  await signIn(page, world.owner, '/?metric=cost');
  for (const what of ['Cost by day', 'Tokens by provider', 'Tokens by project']) {
    await page.getByRole('button', { name: `View as table: ${what}` }).click();
    const total = page.getByRole('region', { name: `${what}, table` }).getByRole('row', { name: /^Total/ });
    await expect(total).toContainText(TOTALS['7 days'].cost);
  }
  await expectAccessible(page);
});

test('the pointer shows what a bar says', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.getByRole('button', { name: /: 30 calls/ }).hover();
  await expect(page.locator('.mw-tip')).toContainText('30');
  await page.mouse.move(5, 5);
  await expect(page.locator('.mw-tip')).toHaveCount(0);
});
