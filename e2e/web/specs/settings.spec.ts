import type { Page } from '@playwright/test';
import { call, test } from '../support/money.ts';
import { expect, expectAccessible, signIn } from '../support/test.ts';

const nav = (page: Page) => page.getByRole('navigation', { name: 'Settings' });

test('a key is made, works at once, and is refused as soon as it is revoked', async ({
  page,
  world,
  money,
}) => {
  await signIn(page, money.owner, '/settings');
  await expect(page).toHaveURL(/\/settings\/keys$/);
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('CI');
  await page.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('region', { name: 'Token of CI', exact: true });
  await expect(shown).toBeFocused();
  await expectAccessible(page);
  const token = (await page.getByRole('region', { name: 'Token of CI, text' }).textContent()) ?? '';
  expect(token).toMatch(/^mw_/);
  const ask = () =>
    fetch(`${world.server.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } }).then(
      (answer) => answer.status,
    );
  expect(await ask()).toBe(200);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.reload();
  await expect(page.getByRole('row', { name: /^CI/ })).toContainText('Viewer');
  await expect(page.getByText(token)).toHaveCount(0);

  await page.getByRole('button', { name: 'Revoke the key CI' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click();
  await expect(page.getByText('Revoked the key CI.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^CI/ })).toHaveCount(0);
  expect(await ask()).toBe(401);
});

test('a viewer reads settings, changes none, and is told why', async ({ page, money }) => {
  await money.record([call('1')]);
  await signIn(page, money.viewer, '/settings');
  await expect(page).toHaveURL(/\/settings\/users$/);
  await nav(page).getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByRole('row', { name: /^support-bot/ })).toBeVisible();
  await expect(page.getByText('An owner changes names, departments and teams.')).toBeVisible();
  await expect(page.getByRole('main').getByRole('button', { name: /Add|Edit|Delete/ })).toHaveCount(0);
  await nav(page).getByRole('link', { name: 'API keys' }).click();
  await expect(page.getByText('Keys are made and revoked by an owner')).toBeVisible();
  await nav(page).getByRole('link', { name: 'Audit log' }).click();
  await expect(page.getByText('Only an owner reads it.')).toBeVisible();
  await expectAccessible(page);
});

test('a user gets a name and a tier, and is erased when its id was typed', async ({ page, money }) => {
  await money.record([call('2', { user: 'u-gone' })]);
  await signIn(page, money.owner, '/settings/users');
  await page.getByRole('button', { name: 'Edit the user u-gone' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Somebody');
  await page.getByRole('form').getByRole('combobox', { name: 'Tier' }).selectOption('pro');
  await page.getByRole('button', { name: 'Save user' }).click();
  await expect(page.getByText('Saved the user u-gone.')).toBeVisible();
  expect(await money.client.users.read('u-gone')).toMatchObject({ username: 'Somebody', tier: 'pro' });

  await page.getByRole('button', { name: 'Erase the user u-gone' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase u-gone?' });
  const erase = dialog.getByRole('button', { name: 'Erase for good' });
  await expect(erase).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('u-gone');
  await expectAccessible(page);
  await erase.click();
  await expect(page.getByText(/stands for the user now/)).toBeVisible();
  await expect(page.getByRole('row', { name: /u-gone/ })).toHaveCount(0);
  const left = await money.client.usage({ range: 'today', metrics: ['cost'], group_by: ['user'] });
  expect(left.total.cost_usd).toBe('2');
  expect(JSON.stringify(left.groups)).not.toContain('u-gone');
});

test('a model without a price gets one, which ends where a new one begins', async ({ page, money }) => {
  const own = (id: string) => call('', { id, provider: 'own', model: 'house-1', cost_usd: undefined });
  await money.record([own('a')]);
  await signIn(page, money.owner, '/settings/prices');
  await page.getByRole('button', { name: 'Set a price for house-1' }).click();
  await page.getByRole('textbox', { name: 'Input, dollars per million' }).fill('2');
  await page.getByRole('textbox', { name: 'Output, dollars per million' }).fill('5');
  await page.getByRole('button', { name: 'Add the price' }).click();
  await expect(page.getByText('Added a price of house-1.')).toBeVisible();
  await money.record([own('b')]);
  // 1,000 tokens in at $2 and 200 out at $5 a million.
  const after = await money.client.usage({ range: 'today', metrics: ['cost', 'calls'] });
  expect(after.total).toMatchObject({ cost_usd: '0.003', unpriced_calls: 1 });

  await page.getByRole('button', { name: 'New from…, price of house-1' }).click();
  await page.getByLabel('First day').fill('2031-01-01');
  await page.getByRole('textbox', { name: 'Input, dollars per million' }).fill('1');
  await page.getByRole('button', { name: 'Add the new price' }).click();
  await expect(page.getByRole('row', { name: /until 2031-01-01/ })).toContainText('$2');
  await expect(page.getByRole('row', { name: /from 2031-01-01/ })).toContainText('To come');
  await page.getByRole('searchbox', { name: 'Find a model' }).fill('gpt-4o-mini');
  await expect(
    page
      .getByRole('region', { name: 'Built-in prices, table' })
      .getByRole('row', { name: /gpt-4o-mini/ })
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
});

test('prices come from a file, and the same file again changes nothing', async ({ page, money }) => {
  await signIn(page, money.owner, '/settings/prices');
  await page.getByRole('button', { name: 'Import' }).click();
  const rows = ['provider,model,input,output', 'own,a,1,2', 'own,b,1.5,2.5', 'own,c,cheap,2'].join('\n');
  const upload = () =>
    page
      .getByLabel('CSV or NDJSON')
      .setInputFiles({ name: 'prices.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await upload();
  const work = page.getByRole('list', { name: 'Work' });
  await expect(work).toContainText('2 prices added, 1 row refused.');
  await work.getByText('What was refused, and why').click();
  await expect(work).toContainText('Line 4: input: Enter dollars such as 2.50.');
  await expectAccessible(page);
  await upload();
  await expect(work).toContainText('0 prices added, 3 rows refused.');
  expect((await money.client.prices.list()).items.map(({ model }) => model)).toEqual(['a', 'b']);
});

test('a report is made, and sending it where there is no mail says so', async ({ page, money }) => {
  await signIn(page, money.owner, '/settings/reports');
  await page.getByRole('button', { name: 'Add a report' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Care, monthly');
  await page.getByRole('textbox', { name: 'Recipients' }).fill('finance@example.com, care@example.com');
  await page.getByRole('combobox', { name: 'Of' }).selectOption('department');
  await page.getByRole('combobox', { name: 'Department' }).fill('care');
  await page.getByRole('button', { name: 'Add the report' }).click();
  const row = page.getByRole('row', { name: /^Care, monthly/ });
  await expect(row).toContainText('Every month at 07:00, UTC, of department care');
  await expect(row).toContainText('and 1 more');
  await expect(page.getByText(/This server cannot send mail yet/)).toBeVisible();
  await page.getByRole('button', { name: 'Send now: Care, monthly' }).click();
  await expect(
    page
      .getByRole('alert')
      .or(page.getByText(/could not be sent|is tried again/))
      .first(),
  ).toBeVisible();
  await page.getByRole('switch', { name: 'Send Care, monthly by itself' }).uncheck();
  await expect(page.getByText('Care, monthly is off.')).toBeVisible();
  const { items } = await money.client.reports.list();
  expect(items[0]).toMatchObject({ enabled: false, scope: { department: 'care' } });
  await expectAccessible(page);
});

test('the tenant’s new name stands in the header at once, and the audit log tells of it', async ({
  page,
  money,
}) => {
  await signIn(page, money.owner, '/settings/tenant');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Renamed Ltd');
  await page.getByRole('combobox', { name: 'Zone' }).fill('Asia/Tokyo');
  await page.getByRole('button', { name: 'Save tenant' }).click();
  await expect(page.getByRole('banner')).toContainText('Renamed Ltd');
  await expect(page).toHaveTitle('Settings · Renamed Ltd · Meterwire');
  await nav(page).getByRole('link', { name: 'Audit log' }).click();
  const row = page.getByRole('row', { name: /^Tenant changed/ }).first();
  await expect(row).toContainText(money.tenant);
  await expect(page.getByText('times in Asia/Tokyo')).toBeVisible();
});

test('a dimension is declared, filled with what was there, and can be asked for', async ({ page, money }) => {
  await money.record([
    call('1', { properties: { feature: 'reply' } }),
    call('2', { properties: { feature: 'search' } }),
  ]);
  await signIn(page, money.owner, '/settings/dimensions');
  await page.getByRole('button', { name: 'Declare a dimension' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Feature!');
  await page.getByRole('button', { name: 'Declare it' }).click();
  await expect(page.getByText('Use a to z, 0 to 9 and _')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('feature');
  await page.getByRole('button', { name: 'Declare it' }).click();
  const row = page.getByRole('row', { name: /^feature/ });
  await expect(row).toContainText('Ready');
  const answer = await money.client.usage({
    range: 'today',
    group_by: ['feature' as 'model'],
    metrics: ['cost'],
  });
  expect(answer.groups.map(({ key, total }) => [key[0], total.cost_usd])).toEqual([
    ['search', '2'],
    ['reply', '1'],
  ]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove the dimension feature' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the dimension' }).click();
  await expect(page.getByText('No dimension of your own yet.')).toBeVisible();
});

test('sections are addresses: reload and back show the same, and tiers and budgets lead to their pages', async ({
  page,
  money,
}) => {
  await signIn(page, money.owner, '/settings/keys');
  await nav(page).getByRole('link', { name: 'Channels' }).click();
  await expect(page.getByText('No channel yet')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Channels', level: 2 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'API keys', level: 2 })).toBeVisible();
  await nav(page)
    .getByRole('link', { name: /^Tiers/ })
    .click();
  await expect(page).toHaveURL(/\/limits\?tab=tiers/);
  await page.goto('/settings/budgets');
  await expect(page).toHaveURL(/\/budgets/);
  await page.goto('/settings/no-such-section');
  await expect(page.getByText('There is no page at this address.')).toBeVisible();
});
