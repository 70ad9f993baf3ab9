import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { costsOfLog, dollars, sumOf } from '../support/exact.ts';
import { call, type Money, moment, test } from '../support/money.ts';
import { expect, signIn } from '../support/test.ts';

/** What this does better than what people use today, each shown as a user would meet it. */

const day = (daysAgo: number) => moment(daysAgo, 0).slice(0, 10);
const usage = (money: Money, search = '') => `/dashboard/${money.tenant}/usage${search}`;
const days = (first: number, last: number) => `from=${day(first)}&to=${day(last - 1)}`;
const trend = (page: Page) =>
  page.getByRole('figure', { name: /^(Cost|Calls|Tokens|Errors) by (hour|day|week)/ });
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The first amount that a bar says of itself. */
async function amountOf(bar: Locator): Promise<bigint> {
  const label = (await bar.getAttribute('aria-label')) ?? '';
  return dollars(/: (\$[\d,.]*\d)/.exec(label)?.[1] ?? '');
}

test('1. a bar opens the rows that make it, and they add up to it exactly', async ({ page, money }) => {
  const events = Array.from({ length: 60 }, (_, index) =>
    call(`0.${String(100_000_007 + index * 1_234_567)}`, {
      time: moment(index % 2 === 0 ? 3 : 4, 1 + index),
      model: index % 3 === 0 ? 'gpt-4o-mini' : 'gpt-4o',
    }),
  );
  await money.record(events);
  await signIn(page, money.owner, usage(money, `?${days(6, 2)}`));
  const bar = trend(page).locator('[data-bar="3"]');
  const amount = await amountOf(bar);
  await bar.click();
  await expect(page.getByRole('heading', { name: 'Log', level: 1 })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`from=${day(3)}&to=${day(2)}`));
  await page.getByRole('combobox', { name: 'Rows' }).selectOption('25');
  await expect(page.getByText('1–25 of 30')).toBeVisible();
  const costs = await costsOfLog(page);
  expect(costs).toHaveLength(30);
  expect(sumOf(costs)).toBe(amount);

  // One part of a stacked bar too.
  await signIn(page, money.owner, usage(money, `?${days(6, 2)}&stack=model`));
  const stacked = trend(page).locator('[data-bar="3"]');
  const label = (await stacked.getAttribute('aria-label')) ?? '';
  const part = dollars(/gpt-4o-mini (\$[\d.,]*\d)/.exec(label)?.[1] ?? '');
  await stacked.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/model=gpt-4o-mini/);
  await expect(page.getByText(/^1–10 of 10/)).toBeVisible();
  expect(sumOf(await costsOfLog(page))).toBe(part);
});

test('1. every key figure and every row of a ranking leads to its rows', async ({ page, money }) => {
  await money.record([
    call('1.5', { time: moment(2, 1) }),
    call('2.25', { time: moment(2, 2), model: 'gpt-4o-mini', status: 429 }),
    call('4', { time: moment(3, 1), model: 'gpt-4o-mini' }),
  ]);
  const address = usage(money, `?${days(3, 2)}`);
  await signIn(page, money.owner, address);
  await page.getByRole('group', { name: 'Totals' }).getByRole('link', { name: '$7.75' }).click();
  await expect(page.getByText(/^3 events of \$7\.75 in all/)).toBeVisible();
  expect(sumOf(await costsOfLog(page))).toBe(dollars('$7.75'));
  await page.goBack();
  await page.getByRole('group', { name: 'Totals' }).getByRole('link', { name: '1 failed' }).first().click();
  await expect(page).toHaveURL(/status=429/);
  await expect(page.getByText(/^1 event of \$2\.25 in all/)).toBeVisible();
  await page.goBack();
  await card(page, 'Cost by model')
    .getByRole('button', { name: /^gpt-4o-mini/ })
    .click();
  await expect(page.getByText(/^2 events of \$6\.25 in all/)).toBeVisible();
  expect(sumOf(await costsOfLog(page))).toBe(dollars('$6.25'));
});

test('2. compared with the period before, last year and other days, by date or by weekday', async ({
  page,
  money,
}) => {
  const lastYear = `${Number(day(3).slice(0, 4)) - 1}${day(3).slice(4)}`;
  await money.record([
    call('3', { time: moment(3) }),
    call('2', { time: moment(4) }),
    call('1', { time: moment(10) }),
    call('4', { time: `${lastYear}T00:00:01Z` }),
    call('12', { time: moment(20) }),
  ]);
  await signIn(page, money.owner, usage(money, `?${days(3, 3)}`));
  const cost = page.getByRole('group', { name: 'Totals' }).locator('.mw-stat', { hasText: /^Cost/ });
  const compare = async (choose: () => Promise<void>) => {
    await page.getByRole('button', { name: /^Compared with/ }).click();
    await choose();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
  };
  await expect(cost).toContainText('50.0 %');
  await compare(() => page.getByLabel(/^Match weekdays/).check());
  await expect(page).toHaveURL(/match=weekday/);
  await expect(cost).toContainText('200.0 %');
  await compare(async () => {
    await page.getByRole('radio', { name: 'Last year' }).check();
    await page.getByLabel(/^Match weekdays/).uncheck();
  });
  await expect(cost).toContainText('25.0 %');
  await compare(async () => {
    await page.getByRole('radio', { name: 'Other days' }).check();
    await page.getByLabel('First day').fill(day(20));
    await page.getByLabel('Last day').fill(day(20));
  });
  await expect(cost).toContainText('75.0 %');
  await page.reload();
  await expect(cost).toContainText('75.0 %');
});

test('3. a forecast with its bounds, against the budget, and how well such forecasts did', async ({
  page,
  money,
}) => {
  const past = Array.from({ length: 70 }, (_, at) =>
    call(at % 7 < 2 ? '2.00' : '5.00', { time: moment(at + 1) }),
  );
  await money.record([...past, call('3.00', { time: moment(0) })]);
  await signIn(page, money.owner, usage(money));
  const forecast = card(page, 'Cost forecast');
  await expect(forecast).toContainText(/expected for .* with 80 % of probability between \$/);
  await expect(forecast).toContainText('Budget$100.00');
  await expect(forecast).toContainText(
    /(stays within|may pass|expected to pass|very likely pass|is over) the budget/,
  );
  await expect(forecast).toContainText(/\d+ forecasts of the past, .* missed by .* % on average/);
  await page.getByRole('button', { name: 'View as table: Cost forecast' }).click();
  const period = forecast.getByRole('row', { name: /^Period/ });
  await expect(period).toContainText('$');
  // What is over is not forecast.
  await page.getByRole('button', { name: /^Earlier than/ }).click();
  await expect(forecast).toContainText('This one is over.');
});

test('4. a change is explained by price, volume and mix, which add up to it', async ({ page, money }) => {
  const tokens = (input: number) => ({ input_tokens: input, output_tokens: 0 });
  await money.record([
    call('1.000000001', { time: moment(4), usage: tokens(1000) }),
    call('0.2', { time: moment(4), model: 'gpt-4o-mini', usage: tokens(2000) }),
    call('4.5', { time: moment(3), usage: tokens(3000) }),
    call('0.3', { time: moment(3), model: 'gpt-4o-mini', usage: tokens(2500) }),
    call('0.777777777', { time: moment(3), model: 'o3', usage: tokens(700) }),
  ]);
  await signIn(page, money.owner, usage(money, `?${days(3, 3)}`));
  const change = card(page, 'Why the cost changed');
  await expect(change).toContainText('Cost rose by $4.38, from $1.20 to $5.58');
  await page.getByRole('button', { name: 'View as table: Why the cost changed' }).click();
  const amounts = async (row: Locator) =>
    (await row.locator('td').allTextContents()).map((text) => dollars(text));
  const rows = await change.locator('tbody tr').all();
  expect(rows).toHaveLength(3);
  const all = await Promise.all(rows.map(amounts));
  const total = await amounts(change.locator('tfoot tr'));
  for (const [before = 0n, price = 0n, volume = 0n, mix = 0n, now = 0n] of [...all, total]) {
    expect(before + price + volume + mix).toBe(now);
  }
  total.forEach((amount, at) => expect(sumOf(all.map((row) => row[at] ?? 0n))).toBe(amount));
});

test('5. the zone can be chosen, and days add up to the range in each', async ({ page, money }) => {
  await money.record(
    Array.from({ length: 48 }, (_, hour) =>
      call(`0.00000000${1 + (hour % 9)}`, {
        time: new Date(Date.parse(moment(6, 0)) + hour * 3_600_000 + 1000).toISOString(),
      }),
    ),
  );
  for (const zone of ['UTC', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'America/St_Johns']) {
    await signIn(page, money.owner, usage(money, `?${days(8, 2)}&tz=${encodeURIComponent(zone)}`));
    await page.getByRole('button', { name: /^View as table: Cost by day/ }).click();
    const table = page.getByRole('region', { name: 'Cost by day, table' });
    const texts = await table.locator('tbody tr td:nth-of-type(1)').allTextContents();
    expect(texts).toHaveLength(7);
    const total = await table.locator('tfoot td').first().textContent();
    expect(sumOf(texts.map(dollars))).toBe(dollars(total ?? ''));
    await expect(trend(page)).toContainText(zone);
  }
});

test('6. cumulative or each, stacked with the rest as Other, zoomed by dragging and by keyboard', async ({
  page,
  money,
}) => {
  const models = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `model-${name}`);
  await money.record(
    models.flatMap((model, at) =>
      [5, 4, 3].map((ago) => call(`${7 - at}.000000001`, { time: moment(ago, at + 1), model })),
    ),
  );
  await signIn(page, money.owner, usage(money, `?${days(8, 2)}&stack=model`));
  const figure = trend(page);
  await expect(figure.getByRole('listitem').filter({ hasText: 'Other' })).toContainText('$9.00');
  const bar = figure.locator('[data-bar="4"]');
  await expect(bar).toHaveAccessibleName(/: \$28\.000000007; model-a \$7\.000000001, .*Other \$3\.000000002/);

  await page.getByRole('radio', { name: 'Cumulative' }).check();
  await expect(page).toHaveURL(/show=running/);
  await expect(bar).toHaveAccessibleName(/: \$56\.000000014;/);
  await page.getByRole('radio', { name: 'Each' }).check();

  // The rest opens into its rows as well.
  await bar.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/model=model-f&model=model-g/);
  expect(sumOf(await costsOfLog(page))).toBe(dollars('$3.000000002'));
  await page.goBack();

  const from = await figure.locator('[data-bar="3"]').boundingBox();
  const to = await figure.locator('[data-bar="5"]').boundingBox();
  if (!from || !to) throw new Error('the bars are not there');
  await page.mouse.move(from.x + from.width / 2, from.y + 60);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + 60, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`from=${day(5)}&to=${day(2)}`));
  await expect(page).toHaveURL(/stack=model/);

  await expect(figure.locator('[data-bar]')).toHaveCount(3);
  await figure.locator('[data-bar="0"]').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`from=${day(5)}&to=${day(3)}`));
  await expect(figure.locator('[data-bar]:focus')).toHaveCount(1);
});

test('6. a price that changed within the range is marked', async ({ page, money, world }) => {
  const price = (input: string, from: string, to: string | null) =>
    fetch(`${world.server.url}/api/v1/prices`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${money.owner}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        provider: 'openai',
        model: 'house-model',
        input,
        output: '8',
        valid_from: from,
        valid_to: to,
      }),
    });
  expect((await price('2', `${day(30)}T00:00:00Z`, `${day(4)}T00:00:00Z`)).status).toBe(201);
  expect((await price('3', `${day(4)}T00:00:00Z`, null)).status).toBe(201);
  await money.record([
    call('1', { time: moment(5), model: 'house-model' }),
    call('2', { time: moment(3), model: 'house-model' }),
  ]);
  await signIn(page, money.owner, usage(money, `?${days(6, 2)}`));
  await expect(page.getByRole('list', { name: 'Price changes in this range' })).toContainText(
    /house-model \(openai\): new price from .*input \$2\.00 → \$3\.00/,
  );
  await expect(trend(page).locator('[data-bar="2"]')).toHaveAccessibleName(/new price/);
  await expect(page.locator('.mw-price-mark')).toHaveCount(1);
});

test('7. the keyboard alone moves the period, chooses it, searches and tells its keys', async ({
  page,
  money,
}) => {
  await money.record([call('1'), call('2', { model: 'gpt-4o-mini' })]);
  await signIn(page, money.owner, usage(money));
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('$3.00');
  for (const [key, period, name] of [
    ['w', 'this_week', 'Week'],
    ['y', 'this_year', 'Year'],
    ['d', 'today', 'Today'],
    ['m', 'this_month', 'Month'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`range=${period}`));
    await expect(page.getByRole('radio', { name, exact: true })).toBeChecked();
  }
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/range=today/);
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(new RegExp(`from=${day(1)}&to=${day(0)}`));
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/range=today/);
  // There is nothing later than now.
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/range=today/);

  // A pointer on a period does not take the arrows away.
  await page.getByRole('radio', { name: 'Month', exact: true }).check();
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/range=last_month/);
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/range=today/);

  await page.keyboard.press('/');
  const field = page.getByRole('combobox', { name: /^Filter by model/ });
  await expect(field).toBeFocused();
  await page.keyboard.type('mini');
  // Letters that are typed choose no period.
  await expect(page).toHaveURL(/range=today/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/model=gpt-4o-mini/);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('$2.00');
  await page.keyboard.press('Escape');
  await field.blur();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('8. CSV and PDF are what is on the screen, and say so', async ({ page, money }) => {
  await money.record([
    call('1.000000001', { time: moment(3) }),
    call('2', { time: moment(3), model: 'gpt-4o-mini' }),
    call('4', { time: moment(4) }),
    call('8', { time: moment(9) }),
  ]);
  await signIn(page, money.owner, usage(money, `?${days(4, 3)}&tz=Asia%2FKathmandu&model=gpt-4o`));
  const shown = page.getByRole('group', { name: 'Totals' });
  await expect(shown).toContainText('$5.00');
  const save = async (name: string) => {
    await page.getByRole('button', { name: 'Export what is shown' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: new RegExp(`^${name}`) }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const chart = await save('CSV of the chart');
  expect(chart.name).toBe(`${money.tenant}_day_${day(4)}_${day(3)}.csv`);
  const [head, rows] = readCsv(chart.bytes.toString());
  expect(head).toMatchObject({ tenant: money.tenant, source: 'metered', tz: 'Asia/Kathmandu' });
  expect(head.filters).toContain('gpt-4o');
  expect(sumOf(rows.map(({ cost_usd }) => dollars(`$${cost_usd}`)))).toBe(dollars('$5.000000001'));

  const log = await save('CSV of all events');
  const [, events] = readCsv(log.bytes.toString());
  expect(events).toHaveLength(2);
  expect(sumOf(events.map(({ cost_usd }) => dollars(`$${cost_usd}`)))).toBe(dollars('$5.000000001'));

  // Work of any size stays in sight where it was begun; the menu is closed by hand.
  await expect(page.getByRole('button', { name: /^PDF statement/ })).toBeVisible();
  await page.getByRole('button', { name: 'Export what is shown' }).click();
  await expect(page.getByRole('button', { name: /^PDF statement/ })).toHaveCount(0);

  const statement = await save('PDF statement');
  expect(statement.name).toMatch(/_statement_.*\.pdf$/);
  expect(statement.bytes.subarray(0, 5).toString()).toBe('%PDF-');
});

/** The facts at the head and the rows by the names of their columns; no value here holds a comma. */
function readCsv(text: string): [Record<string, string>, Record<string, string>[]] {
  const lines = text.trim().split('\r\n');
  const facts = lines.filter((line) => line.startsWith('# ')).map((line) => line.slice(2).split(': '));
  const [names = '', ...rows] = lines.filter((line) => !line.startsWith('#'));
  const columns = names.split(',');
  return [
    Object.fromEntries(facts.map(([name, ...rest]) => [name, rest.join(': ')])),
    rows.map((row) => Object.fromEntries(row.split(',').map((value, at) => [columns[at] ?? '', value]))),
  ];
}
