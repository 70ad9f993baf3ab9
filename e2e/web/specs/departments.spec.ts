import { call, moment, test } from '../support/money.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';

const EVENTS = () => [
  call('3'),
  call('1', { project: 'triage' }),
  call('0.5', { project: 'search', department: 'research' }),
  call('0.000000001', { project: undefined, department: undefined }),
  call('2', { time: moment(8) }),
];

test('departments add up to the total, open into projects, and are compared with the week before', async ({
  page,
  money,
}) => {
  await money.record(EVENTS());
  await signIn(page, money.owner, '/departments');
  const total = page.getByRole('row', { name: /^Total/ });
  await expect(total).toContainText('4');
  await expect(page.getByRole('row', { name: /^care/ })).toContainText('88.9 %');
  await expect(page.getByRole('row', { name: /^care/ })).toContainText('+100 %');
  await expect(page.getByRole('row', { name: /^\(none\)/ })).toContainText('< 0.1 %');
  await page.getByRole('button', { name: /^care/ }).click();
  await expect(page.getByRole('row', { name: /^triage/ })).toContainText('$1.00');
  await page.getByRole('radio', { name: '30 days' }).check();
  await expect(page).toHaveURL(/\/departments\?range=30d/);
  await expect(page.getByRole('row', { name: /^care/ })).toContainText('$6.00');
  await page.goBack();
  await expect(page.getByRole('row', { name: /^care/ })).toContainText('$4.00');
  await expectAccessible(page);
});

test('the same is taken away as a file', async ({ page, money }) => {
  await money.record(EVENTS());
  await signIn(page, money.owner, '/departments?range=7d');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('departments.csv');
  const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString();
  expect(text).toContain('care');
  expect(text).toContain('triage');
});

test('a change of range and of page keeps what was chosen', async ({ page, money }) => {
  await money.record(EVENTS());
  await signIn(page, money.owner, '/reconcile?range=30d&report=openai');
  await expect(page.getByRole('combobox', { name: 'Provider' })).toHaveValue('openai');
  await page.getByRole('radio', { name: 'This month' }).check();
  await expect(page).toHaveURL(/report=openai/);
  await expect(page).toHaveURL(/range=this_month/);
});

test('reconciliation without a connection says what is not compared, and how to connect', async ({
  page,
  money,
}) => {
  await money.record([call('3'), call('2', { provider: 'anthropic', model: 'claude-sonnet-4-5' })]);
  await signIn(page, money.owner, '/reconcile');
  await expect(
    page.getByText('Not compared, since not connected: Anthropic ($2.00), OpenAI ($3.00).'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Connect a provider' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Main');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('Enter the admin key.')).toBeVisible();
  await page.getByLabel('Admin key').fill('sk-admin-of-nobody');
  // Nothing is ever asked of a real provider here: this address does not exist.
  await page.getByRole('textbox', { name: 'Address' }).fill('https://provider.invalid');
  await page.getByRole('switch', { name: 'Ask it' }).uncheck();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('Connected Main.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Main/ })).toContainText('Off');
  expect(await page.content()).not.toContain('sk-admin-of-nobody');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Delete the connection Main' }).click();
  await page.getByRole('button', { name: 'Delete the connection', exact: true }).click();
  await expect(page.getByText('No provider is connected')).toBeVisible();
});

for (const width of [360, 1024, 2560]) {
  for (const path of ['/departments', '/reconcile']) {
    test(`${path} at ${width} px: nothing is cut off, and everybody can read it`, async ({ page, money }) => {
      await money.record([
        ...EVENTS(),
        call('1', { department: 'a-department-with-a-name-that-is-rather-long' }),
      ]);
      await page.setViewportSize({ width, height: 900 });
      await signIn(page, money.owner, path);
      await expect(page.locator('.mw-skeleton')).toHaveCount(0);
      for (const open of await page.getByRole('button', { name: /^care|^Connect a provider/ }).all())
        await open.click();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    });
  }
}
