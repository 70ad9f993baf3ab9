import { call, moment, test } from '../support/money.ts';
import { expect, expectAccessible, signIn } from '../support/test.ts';

test('usage without a price gets one, is shown in the log, and is rated anew after the difference was seen', async ({
  page,
  money,
}) => {
  test.setTimeout(90_000);
  const usage = { input_tokens: 1_000_000, output_tokens: 0 };
  // Without a cost of its own, of a model that nobody knows a price of.
  const unpriced = () => call('', { provider: 'own', model: 'large', usage, cost_usd: undefined });
  await money.record([call('1'), unpriced(), unpriced(), unpriced()]);

  // The number of calls without a price leads to them, and the address says so.
  await signIn(page, money.owner, '/log?range=today&tz=UTC');
  const totals = page.getByLabel('All events of this range');
  await totals.getByRole('link', { name: '3', exact: true }).click();
  await expect(page).toHaveURL(/priced=false/);
  await expect(page.getByText('3 events without a price', { exact: false })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(5);
  const chip = page.getByRole('button', { name: 'Remove filter Without a price' });
  await expect(chip).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await chip.click();
  await expect(page).not.toHaveURL(/priced/);
  await expect(page.getByRole('row')).toHaveCount(6);

  await page.goto('/settings/prices');
  await page.getByRole('button', { name: 'Set a price for large' }).click();
  await page.getByRole('textbox', { name: /^Input/ }).fill('0.5');
  await page.getByRole('textbox', { name: /^Output/ }).fill('1');
  await page.getByRole('button', { name: 'Add the price' }).click();
  await page.getByRole('button', { name: 'Re-rate recorded ones' }).click();
  const form = page.getByRole('form', { name: 'New re-rating' });
  await form.getByLabel('First day').fill(moment(2).slice(0, 10));
  await form.getByRole('button', { name: 'Show the difference' }).click();
  const panel = page.getByRole('region', { name: 'What would change' });
  await expect(panel).toContainText('3 of 3 events would be rated anew.');
  await expect(panel).toContainText('by +$1.50');
  await expect(panel).toContainText('1 event carries a cost that was sent');
  await expectAccessible(page);
  // Nothing has happened so far.
  const before = await money.client.usage({ range: 'today', tz: 'UTC', metrics: ['cost'] });
  expect(before.total).toMatchObject({ cost_usd: '1', unpriced_calls: 3 });

  await panel.getByRole('button', { name: 'Re-rate 3 events…' }).click();
  await page.getByRole('button', { name: 'Re-rate them' }).click();
  const list = page.getByRole('list', { name: 'Re-ratings' });
  await expect(list).toContainText('3 events rated anew, +$1.50, 3 calls got a price.');
  const after = await money.client.usage({ range: 'today', tz: 'UTC', metrics: ['cost'] });
  expect(after.total).toMatchObject({ cost_usd: '2.5', unpriced_calls: 0 });
  await expect(page.getByText('Every call of the last 30 days has a price.')).toBeVisible();

  await list.getByRole('button', { name: /^Audit log/ }).click();
  await expect(page).toHaveURL(/settings\/audit/);
  await expect(page.getByRole('row', { name: /Re-rating begun/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Re-rating done/ })).toBeVisible();
  await expectAccessible(page);
});

test('a viewer is offered no re-rating', async ({ page, money }) => {
  await signIn(page, money.viewer, '/settings/prices');
  await expect(page.getByRole('heading', { name: 'Your prices' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Re-rate usage' })).toHaveCount(0);
});

test('a form that holds something is not left without a question', async ({ page, money }) => {
  await signIn(page, money.owner, '/alerts');
  const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
  await pages.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'Add a project' }).click();
  await page.getByRole('textbox', { name: 'Name in events' }).fill('bot');
  const budgets = pages.getByRole('link', { name: 'Budgets' });
  await budgets.click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await expect(page).toHaveURL(/settings\/projects/);
  await expect(page.getByRole('textbox', { name: 'Name in events' })).toHaveValue('bot');
  await page.getByRole('textbox', { name: 'Name in events' }).press('Escape');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Name in events' })).toBeFocused();
  await page.goBack();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await budgets.click();
  await dialog.getByRole('button', { name: 'Discard the changes' }).click();
  await expect(page.getByRole('heading', { name: 'Budgets', level: 1 })).toBeVisible();
});
