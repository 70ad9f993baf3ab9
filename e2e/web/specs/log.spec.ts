import { costsOfLog, dollars, sumOf } from '../support/exact.ts';
import { call, moment, test } from '../support/money.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';
import type { Page } from '@playwright/test';

const table = (page: Page) => page.getByRole('region', { name: 'Events, table' }).getByRole('table');
const row = (page: Page, at: number) => table(page).getByRole('row').nth(at);

const COLUMNS = [
  'Date',
  'Project',
  'Provider',
  'Model',
  'Input',
  'Output',
  'Tokens',
  'Cost',
  'Status',
  'Latency',
  'User',
  'API key',
  'Agent',
  'Department',
  'Country',
  'Operation',
  'Service tier',
  'Source',
  'Id',
];

/** Two events that differ in every column, the first smaller in each. */
function pair(): object[] {
  const of = (name: string, count: number) => ({
    id: `event-${name}`,
    source: `source-${name}`,
    time: moment(2, count),
    project: `project-${name}`,
    provider: `provider-${name}`,
    model: `model-${name}`,
    user: `user-${name}`,
    api_key: `key-${name}`,
    agent: `agent-${name}`,
    department: `department-${name}`,
    country: name === 'a' ? 'AT' : 'DE',
    operation: name === 'a' ? 'chat' : 'embeddings',
    service_tier: name === 'a' ? 'batch' : 'default',
    usage: { input_tokens: 10 * count, output_tokens: count },
    status: 200 + count,
    latency_ms: 100 * count,
  });
  return [call('0.1', of('a', 1)), call('0.2', of('b', 2))];
}

test('every column sorts both ways', async ({ page, money }) => {
  await money.record(pair());
  await signIn(page, money.owner, '/log?range=7d');
  await page.getByRole('button', { name: /^Columns/ }).click();
  for (const name of COLUMNS) await page.getByRole('checkbox', { name, exact: true }).check();
  await page.keyboard.press('Escape');
  await expect(table(page).getByRole('columnheader')).toHaveCount(COLUMNS.length);
  for (const name of COLUMNS) {
    const head = table(page).getByRole('columnheader', { name, exact: true });
    for (const _ of [1, 2]) {
      const before = await head.getAttribute('aria-sort');
      await head.getByRole('button').click();
      await expect(head).not.toHaveAttribute('aria-sort', before ?? '');
      const direction = await head.getAttribute('aria-sort');
      await expect(row(page, 1)).toContainText(direction === 'ascending' ? 'event-a' : 'event-b');
    }
  }
});

test('pages by cursor both ways, all of it in the address', async ({ page, money, browser }) => {
  await money.record(
    Array.from({ length: 60 }, (_, at) => call(`0.00000${1000 + at}`, { time: moment(1, at) })),
  );
  await signIn(page, money.owner, '/log?range=7d&rows=25&sort=cost');
  await expect(page.getByText('1–25 of 60')).toBeVisible();
  const first = await row(page, 1).textContent();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page.getByText('26–50 of 60')).toBeVisible();
  await expect(page).toHaveURL(/page=2&cursor=/);
  const second = await row(page, 1).textContent();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page.getByText('51–60 of 60')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Next page' })).toHaveAttribute('aria-disabled', 'true');
  const address = page.url();

  // Another browser shows the same page, and finds back without having come by the others.
  const other = await browser.newPage();
  await signIn(other, money.owner, address.slice(new URL(address).origin.length));
  await expect(other.getByText('51–60 of 60')).toBeVisible();
  await other.getByRole('button', { name: 'Previous page' }).click();
  await expect(other.getByText('26–50 of 60')).toBeVisible();
  expect(await row(other, 1).textContent()).toBe(second);
  await other.close();

  await page.getByRole('button', { name: 'Previous page' }).click();
  await expect(page.getByText('26–50 of 60')).toBeVisible();
  expect(await row(page, 1).textContent()).toBe(second);
  await page.getByRole('button', { name: 'Previous page' }).click();
  await expect(page.getByText('1–25 of 60')).toBeVisible();
  expect(await row(page, 1).textContent()).toBe(first);
  await expect(page).not.toHaveURL(/cursor=/);
});

test('a value filters, its chip takes it away, and the page adds up', async ({ page, money }) => {
  await money.record([...pair(), call('0.7', { time: moment(2, 9) })]);
  await signIn(page, money.owner, '/log?range=7d');
  await expect(page.getByText(/^3 events of \$1\.00 in all/)).toBeVisible();
  await page.getByRole('button', { name: 'model-a', exact: true }).click();
  await expect(page).toHaveURL(/model=model-a/);
  await expect(page.getByText(/^1 event of \$0\.10 in all/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove filter Model: model-a' }).click();
  expect(sumOf(await costsOfLog(page))).toBe(dollars('$1.00'));
  await expect(table(page).locator('tfoot')).toContainText('$1.00');
});

test('a receipt shows what the event was and how its cost came about', async ({ page, money }) => {
  await money.record([
    {
      id: 'chat/1 %',
      source: 'api',
      time: moment(1, 5),
      provider: 'openai',
      model: 'gpt-4o',
      project: 'support-bot',
      usage: { input_tokens: 1200, cached_input_tokens: 1024, output_tokens: 300, reasoning_tokens: 64 },
      properties: { feature: 'reply' },
      status: 200,
    },
    call('0.5', { time: moment(1, 6) }),
  ]);
  await signIn(page, money.owner, '/log?range=7d');
  const opener = page.getByRole('button', { name: /^Receipt of chat\/1 %/ });
  await opener.click();
  const receipt = page.getByRole('dialog', { name: 'Receipt' });
  await expect(receipt).toContainText('api / chat/1 %');
  await expect(receipt.getByRole('region', { name: 'Tokens' })).toContainText('1,024');
  await expect(receipt.getByRole('region', { name: 'Metrics and properties' })).toContainText('reply');
  const account = receipt.getByRole('region', { name: 'How the cost came about' });
  const amounts = await account.locator('tbody td:last-child').allTextContents();
  const total = await account.locator('tfoot td').last().textContent();
  expect(amounts.length).toBeGreaterThanOrEqual(3);
  expect(sumOf(amounts.map(dollars))).toBe(dollars(total ?? ''));
  await expect(receipt.locator('.mw-receipt-amount')).toHaveText(total ?? '');
  await expectAccessible(page);

  await expect(page).toHaveURL(/receipt=/);
  await page.reload();
  await expect(receipt).toContainText('api / chat/1 %');
  await receipt.getByRole('button', { name: 'Event above' }).click();
  await expect(receipt).toContainText('Given by the sender');
  await page.keyboard.press('Escape');
  await expect(receipt).toHaveCount(0);
  await expect(page).not.toHaveURL(/receipt=/);
});

test('nothing that matches is said, and the filters can be taken away', async ({ page, money }) => {
  await money.record([call('1')]);
  await signIn(page, money.owner, '/log?range=7d&model=no-such-model');
  await expect(page.getByText('No event in this range matches the filters.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove the filters' }).click();
  await expect(page.getByText(/^1 event of \$1\.00/)).toBeVisible();
});

for (const width of [360, 390, 768, 1024, 1600, 2560]) {
  test(`the log fits ${width} px and has no violation`, async ({ page, money }) => {
    await money.record(pair());
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, money.owner, '/log?range=7d');
    await expect(table(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('button', { name: /^Columns/ }).click();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Receipt of event-a/ }).click();
    await expect(page.getByRole('dialog', { name: 'Receipt' })).toContainText('source-a / event-a');
    await expectNoSidewaysScroll(page);
  });
}
