import type { Page } from '@playwright/test';
import { call, lastMonth, moment, test } from '../support/money.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, expectTotals, signIn } from '../support/test.ts';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the default budget is there, and follows what is recorded', async ({ page, money }) => {
  await signIn(page, money.owner, '/budgets');
  const row = page.getByRole('row', { name: /^Monthly budget/ });
  await expect(row).toContainText('$0.00');
  await expect(row).toContainText('of $100.00');
  await expect(row).toContainText('On track');
  await money.record([call('96.000000001')]);
  await page.reload();
  await expect(row).toContainText('$96.00');
  await expect(row).toContainText('Critical');
  await expect(row.getByRole('meter')).toHaveAttribute('aria-valuetext', '$96.00 of $100.00, 96 %, Critical');
  await money.record([call('5')]);
  await page.reload();
  await expect(row).toContainText('$1.00 over');
  await expect(row).toContainText('Over budget');
});

test('a hard budget made in the page refuses what is beyond it', async ({ page, money }) => {
  await money.record([call('3'), call('4', { project: 'batch' })]);
  await signIn(page, money.owner, '/budgets');
  await page.getByRole('button', { name: 'Add a budget' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Support');
  await page.getByRole('textbox', { name: 'Amount, US dollars' }).fill('nothing');
  await page.getByRole('button', { name: 'Add the budget' }).click();
  await expect(page.getByText('Enter a number such as 250 or 99.50.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Amount, US dollars' }).fill('10.00');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('textbox', { name: 'Condition 1, value' }).fill('support-bot');
  await page.getByRole('switch', { name: 'Hard' }).check();
  await page.getByRole('button', { name: 'Add the budget' }).click();
  await expect(page.getByText('Added the budget Support. $3.00 of it is spent already.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Support/ })).toContainText('$7.00 left');

  const reserve = (cost_usd: string) =>
    money.client.reserve({ cost_usd, project: 'support-bot', user: 'u-1' }).catch((error: Error) => error);
  expect(await reserve('7.000000001')).toMatchObject({ code: 'budget_exceeded' });
  const held = await reserve('2');
  expect(held).toMatchObject({ status: 'held' });

  await page.getByRole('button', { name: 'Support', exact: true }).click();
  const detail = region(page, 'Budget Support');
  await expect(detail).toContainText('$5.00 left');
  await expect(detail).toContainText('$2.00');
  await expect(page).toHaveURL(/budget=/);
  await page.reload();
  await expect(detail).toContainText('Refuses');
  await expectAccessible(page);
});

test('a budget is changed, split and deleted, and never hands out more than it has', async ({
  page,
  money,
}) => {
  await signIn(page, money.owner, '/budgets');
  await page.getByRole('button', { name: 'Monthly budget' }).click();
  const detail = region(page, 'Budget Monthly budget');
  await detail.getByRole('button', { name: 'Edit' }).click();
  await detail.getByRole('textbox', { name: 'Amount, US dollars' }).fill('200');
  await detail.getByRole('button', { name: 'Save budget' }).click();
  await expect(page.getByText('Saved the budget Monthly budget.')).toBeVisible();
  await expect(detail).toContainText('of $200.00 spent');
  await expect(detail.getByRole('button', { name: 'Edit' })).toBeFocused();
  await expect(detail.getByRole('button', { name: 'Delete…' })).toHaveCount(0);

  await detail.getByRole('button', { name: 'Split' }).click();
  const form = page.getByRole('form', { name: 'Split the budget Monthly budget' });
  await form.getByRole('textbox', { name: 'Department of part 1' }).fill('care');
  await form.getByRole('textbox', { name: 'Amount of part 1' }).fill('150');
  await form.getByRole('textbox', { name: 'Department of part 2' }).fill('research');
  await form.getByRole('textbox', { name: 'Amount of part 2' }).fill('30 %');
  await form.getByRole('button', { name: 'Split' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  expect((await money.client.budgets.list()).items).toHaveLength(1);
  await form.getByRole('textbox', { name: 'Amount of part 2' }).fill('25 %');
  await form.getByRole('button', { name: 'Split' }).click();
  await expect(page.getByText('Split Monthly budget into 2 parts.')).toBeVisible();
  const { items } = await money.client.budgets.list();
  expect(items.map(({ amount_usd, scope }) => [amount_usd, scope])).toEqual([
    ['200', {}],
    ['150', { department: 'care' }],
    ['50', { department: 'research' }],
  ]);

  const research = items.find(({ scope }) => scope.department === 'research');
  await page
    .getByRole('row', { name: /research/ })
    .getByRole('button')
    .click();
  const part = region(page, `Budget ${research?.name}`);
  await part.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete the budget' }).click();
  await expect(page.getByText(`Deleted the budget ${research?.name}.`)).toBeVisible();
  await expect(part).toHaveCount(0);
});

test('the spent amount can be clicked down to the events that make it', async ({ page, money }) => {
  await money.record([call('3'), call('4', { project: 'batch' })]);
  await money.client.budgets.create({
    name: 'Support',
    amount_usd: '10',
    period: 'month',
    scope: { project: 'support-bot' },
  });
  await signIn(page, money.owner, '/budgets');
  await page.getByRole('button', { name: 'Support', exact: true }).click();
  await page.getByRole('button', { name: 'Show its usage' }).click();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await expectTotals(page, { calls: '1', tokens: '1,200', cost: '$3.00', errors: '0' });
  await page.goBack();
  await expect(region(page, 'Budget Support')).toBeVisible();
});

test('budget and usage: three tabs that follow what happens', async ({ page, money }) => {
  await money.record([call('1.5'), call('0.5', { model: 'gpt-4o-mini' })]);
  await signIn(page, money.owner, '/budgets?tab=spend');
  const card = region(page, 'Budget & Usage');
  await expect(card).toContainText('$2.00 of $100.00');
  await expect(card.getByText('Live', { exact: true })).toBeVisible();
  await card.getByRole('tab', { name: 'Model Costs' }).click();
  await expect(page).toHaveURL(/show=models/);
  await expect(card.getByRole('row', { name: /^gpt-4o openai/ })).toContainText('75 %');
  await expect(card.getByRole('row', { name: /^Total/ })).toContainText('$2.00');
  await card.getByRole('combobox', { name: 'take' }).fill('gpt-4o-mini');
  await page.keyboard.press('Enter');
  // 1,000 tokens in and 200 out of gpt-4o-mini, by the price book.
  await expect(card).toContainText('With gpt-4o-mini$0.00027');
  await page.getByRole('combobox', { name: 'Project' }).selectOption('support-bot');
  await card.getByRole('tab', { name: 'AI Insights' }).click();
  await expect(card).toContainText('2 requests of');
  await expect(card).toContainText('too few to say anything');
  await page.reload();
  await expect(card.getByRole('tab', { name: 'AI Insights' })).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
});

test('request counts become costs by themselves as soon as there are any', async ({ page, money }) => {
  test.setTimeout(60_000);
  await signIn(page, money.owner, '/budgets?tab=spend');
  await expect(region(page, 'Budget & Usage')).toContainText('No costs are known yet');
  await money.record([call('42')]);
  await expect(region(page, 'Budget & Usage')).toContainText('$42.00 of $100.00', { timeout: 40_000 });
});

test('repeated calls are found with the rows that prove it', async ({ page, money }) => {
  const hash = 'ab'.repeat(32);
  const repeated = Array.from({ length: 40 }, (_, index) =>
    call('0.01', { request_hash: hash, time: moment(2, index + 1) }),
  );
  const others = Array.from({ length: 80 }, (_, index) => call('0.02', { time: moment(2, index + 100) }));
  await money.record([...repeated, ...others]);
  await signIn(page, money.owner, '/budgets?tab=spend&show=insights&workspace=support-bot');
  const insight = page.getByRole('article').filter({ hasText: 'Duplicate calls' });
  await expect(insight).toContainText('Saves $0.39');
  await insight.getByText('How this was found').click();
  await expect(insight.getByRole('table')).toContainText(hash.slice(0, 16));
  await expect(insight.getByRole('table')).toContainText('39');
  await expectAccessible(page);
});

test('a month is closed, and what comes later stands beside it as an adjustment', async ({ page, money }) => {
  const month = lastMonth();
  const inIt = `${month}-15T12:00:00Z`;
  await money.record([call('2.5', { time: inIt })]);
  await signIn(page, money.owner, '/budgets?tab=closings');
  await page.getByRole('button', { name: 'Close a month…' }).click();
  await page.getByRole('button', { name: /^Close \w{3} \d{4}$/ }).click();
  await expect(page.getByText(/^Closed \w{3} \d{4} at \$2\.50\.$/)).toBeVisible();
  const [closing] = (await money.client.closings.list()).items;
  expect(closing?.name).toBe(month);

  await money.record([call('0.25', { time: inIt })]);
  await page.reload();
  await page.getByRole('button', { name: /^Show the statement/ }).click();
  await expect(page.getByText(closing?.sha256 ?? 'none')).toBeVisible();
  await expect(page.getByRole('region', { name: /^Adjustment of .* table$/ })).toContainText('+$0.25');
  await page.getByRole('button', { name: 'Show the events' }).click();
  await expect(page.getByRole('region', { name: /^Events that changed/ })).toContainText('Came late');
  await expectAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Statement of .* as JSON$/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`statement_${month}.json`);
  const text = await (await download.createReadStream()).toArray();
  const bytes = Buffer.concat(text);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  expect(Buffer.from(digest).toString('hex')).toBe(closing?.sha256);

  await page.getByRole('button', { name: /^Reopen/ }).click();
  await page.getByRole('button', { name: 'Reopen the month' }).click();
  await expect(page.getByText('No month is closed yet.')).toBeVisible();
});

test('a viewer sees everything and changes nothing', async ({ page, money }) => {
  await money.record([call('1')]);
  await signIn(page, money.viewer, '/budgets');
  await page.getByRole('button', { name: 'Monthly budget' }).click();
  await expect(page.getByRole('figure')).toBeVisible();
  await expect(page.getByRole('button', { name: /Add|Edit|Split|Delete|Close a|Reopen/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Closed months' }).click();
  await expect(page.getByText('An owner closes one when its usage is complete.')).toBeVisible();
});

test('a budget is made with the keyboard alone', async ({ page, money }) => {
  await signIn(page, money.owner, '/budgets');
  const add = page.getByRole('button', { name: 'Add a budget' });
  await add.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('Keys');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12.5');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Added the budget Keys/)).toBeVisible();
  await expect(add).toBeFocused();
  const name = page.getByRole('button', { name: 'Keys' });
  await name.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Keys', level: 2 })).toBeFocused();
  const bars = region(page, 'Budget Keys').getByRole('img');
  await expect(bars).toHaveCount(12);
  await bars.last().focus();
  await page.keyboard.press('ArrowLeft');
  await expect(bars.nth(10)).toBeFocused();
});

test('an admin looks at the budgets of any tenant', async ({ page, world, money }) => {
  await money.record([call('7')]);
  await signIn(page, world.server.adminToken, '/budgets');
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption({ value: money.tenant });
  await expect(page.getByRole('row', { name: /^Monthly budget/ })).toContainText('$7.00');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Departments' }).click();
  await expect(page.getByRole('row', { name: /^care/ })).toContainText('$7.00');
});

for (const width of [360, 1024, 1600]) {
  for (const tab of ['budgets', 'spend', 'spend&show=models', 'closings']) {
    test(`budgets at ${width} px, ${tab}: nothing is cut off, and everybody can read it`, async ({
      page,
      money,
    }) => {
      test.setTimeout(60_000);
      await money.record([
        call('81.123456789', { project: 'a-project-whose-name-is-rather-long-for-a-phone' }),
      ]);
      const { items } = await money.client.budgets.list();
      await page.setViewportSize({ width, height: 900 });
      await signIn(page, money.owner, `/budgets?tab=${tab}&budget=${items[0]?.id}`);
      await expect(page.locator('.mw-skeleton')).toHaveCount(0);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      for (const name of [/^Add a budget/, /^Edit$/, /^Split$/]) {
        const open = page.getByRole('button', { name });
        if ((await open.count()) === 0) continue;
        await open.click();
        await expect(page.getByRole('form')).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await expect(open).toBeFocused();
      }
    });
  }
}
