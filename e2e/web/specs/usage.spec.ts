import type { Page } from '@playwright/test';
import { call, type Money, moment, test } from '../support/money.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';

const day = (daysAgo: number) => moment(daysAgo, 0).slice(0, 10);
const usage = (money: Money, search = '') => `/dashboard/${money.tenant}/usage${search}`;
const range = `?from=${day(9)}&to=${day(1)}`;
const totals = (page: Page) => page.getByRole('group', { name: 'Totals' });

/** Turns every chart into its table; the buttons are named anew as they are pressed. */
async function showTables(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: /^View as table/ });
  while ((await buttons.count()) > 0) await buttons.first().click();
}

/** Two weeks of a few models, with a failure and a model without a price. */
function fortnight(): object[] {
  return Array.from({ length: 14 }, (_, ago) => [
    call('1.25', { time: moment(ago, 1), latency_ms: 400 + ago }),
    call('0.35', { time: moment(ago, 2), model: 'gpt-4o-mini', project: 'batch', user: `u-${ago % 3}` }),
    call('0.05', {
      time: moment(ago, 3),
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      status: ago === 5 ? 500 : 200,
    }),
    ...(ago === 4
      ? [
          {
            ...call('0', { time: moment(ago, 4), model: 'attic-llama', provider: 'homegrown' }),
            cost_usd: undefined,
          },
        ]
      : []),
  ]).flat();
}

test('the page of a tenant, period by period', async ({ page, money }) => {
  await money.record(fortnight());
  await signIn(page, money.owner, usage(money));
  await expect(page.getByRole('radio', { name: 'Month', exact: true })).toBeChecked();
  await page.getByRole('radio', { name: 'Today' }).check();
  await expect(totals(page)).toContainText('$1.65');
  await expect(page.getByRole('heading', { name: 'Cost by hour' })).toBeVisible();
  await page.getByRole('radio', { name: 'Year' }).check();
  await expect(page.getByRole('heading', { name: 'Cost by week' })).toBeVisible();
  await page.getByRole('radio', { name: 'Day', exact: true }).check();
  await expect(page).toHaveURL(/by=day/);
  await expect(page.getByRole('heading', { name: 'Cost by day' })).toBeVisible();
});

test('what has no price and what failed is said, and leads to its rows', async ({ page, money }) => {
  await money.record(fortnight());
  await signIn(page, money.owner, usage(money, range));
  await expect(totals(page)).toContainText('1 call without a price');
  await expect(totals(page)).toContainText('24 succeeded · 1 failed');
  await page.getByRole('row', { name: /^500/ }).getByRole('link', { name: '1' }).click();
  await expect(page).toHaveURL(/status=500/);
  await expect(page.getByText(/^1 event of \$0\.05 in all/)).toBeVisible();
});

test('the ranking of cost is by any dimension', async ({ page, money }) => {
  await money.record(fortnight());
  await signIn(page, money.owner, usage(money, range));
  await page.getByRole('combobox', { name: 'Cost by' }).selectOption('Project');
  await expect(page).toHaveURL(/cost_by=project/);
  const ranking = page.getByRole('region', { name: 'Cost by project' });
  await expect(ranking.getByRole('button', { name: /^support-bot/ })).toContainText('$10.40');
  await page.getByRole('button', { name: 'View as table: Cost by project' }).click();
  await expect(ranking.getByRole('row', { name: /^Total/ })).toContainText('$13.20');
});

test('several values of several dimensions are filtered by at once', async ({ page, money }) => {
  await money.record(fortnight());
  await signIn(page, money.owner, usage(money, range));
  const field = page.getByRole('combobox', { name: /^Filter by/ });
  await field.click();
  await page.getByRole('option', { name: /Model gpt-4o-mini/ }).click();
  await field.fill('user:u-1');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/model=gpt-4o-mini&user=u-1/);
  await expect(totals(page)).toContainText('$0.70');
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(totals(page)).toContainText('$13.20');
});

test("another tenant's page and one that is not there look the same", async ({ page, money }) => {
  await signIn(page, money.owner, usage(money));
  await page.goto('/dashboard/acme/usage');
  await expect(page.getByText('There is no tenant of this name')).toBeVisible();
  await page.goto('/dashboard/no-such-tenant/usage');
  await expect(page.getByText('There is no tenant of this name')).toBeVisible();
});

test('an admin changes the tenant, and the path follows', async ({ page, world, money }) => {
  await money.record([call('3')]);
  await signIn(page, world.server.adminToken, usage(money));
  await expect(totals(page)).toContainText('$3.00');
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption('Acme Robotics');
  await expect(page).toHaveURL(/\/dashboard\/acme\/usage/);
  await expect(totals(page)).not.toContainText('$3.00');
});

test('a member sees its own usage, without a budget', async ({ page, world, money }) => {
  await money.record([call('3', { user: 'u-1' }), call('5', { user: 'u-2' })]);
  const member = await world.server.createKey(money.tenant, 'member', 'u-1');
  await signIn(page, member, usage(money));
  await expect(totals(page)).toContainText('$3.00');
  await expect(page.getByRole('region', { name: 'Cost forecast' })).not.toContainText('Budget');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a tenant without events is led to the first one', async ({ page, world }) => {
  await signIn(page, world.emptyOwner, '/dashboard/quiet/usage');
  await expect(page.getByText('curl', { exact: false }).first()).toBeVisible();
});

test('a server that fails shows errors and no number', async ({ page, money }) => {
  await money.record([call('3')]);
  await page.route(/\/api\/v1\/usage\//, (route) => route.abort());
  await signIn(page, money.owner, usage(money));
  await expect(page.getByRole('alert').first()).toContainText('Server not reachable');
  await expect(page.locator('.mw-stat-value')).toHaveCount(0);
  await expectAccessible(page);
});

for (const search of ['', '&stack=model&show=running', '&metric=calls&compare=none']) {
  test(`no violation in either theme: ${search || 'as it opens'}`, async ({ page, money }) => {
    // It is looked through twelve times.
    test.slow();
    await money.record(fortnight());
    await signIn(page, money.owner, usage(money, `${range}${search}`));
    await expect(totals(page)).toContainText('$13.20');
    await expect(page.getByRole('region', { name: 'Success and speed' })).toContainText('succeeded');
    await expectAccessible(page);
    await showTables(page);
    await expectAccessible(page);
    for (const name of [/^Compared with/, /^Export/]) {
      await page.getByRole('button', { name }).click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('/');
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const width of [360, 390, 768, 1024, 1600, 2560]) {
  test(`nothing is pushed sideways at ${width} px`, async ({ page, money }) => {
    await money.record(fortnight());
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, money.owner, usage(money, `${range}&stack=model`));
    await expect(totals(page)).toContainText('$13.20');
    await expect(page.getByRole('region', { name: 'Success and speed' })).toContainText('succeeded');
    await expectNoSidewaysScroll(page);
    for (const name of [/^Custom range/, /^Compared with/, /^Export/, /^Time zone/]) {
      await page.getByRole('button', { name }).click();
      await expectNoSidewaysScroll(page);
      const panel = await page.getByRole('dialog').boundingBox();
      expect(panel?.x).toBeGreaterThanOrEqual(0);
      expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(width);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('combobox', { name: /^Filter by/ }).click();
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.keyboard.press('Escape');
    await showTables(page);
    await expectNoSidewaysScroll(page);
  });
}

test('a year of five models is drawn within 50 ms', async ({ page, money }) => {
  const models = ['a', 'b', 'c', 'd', 'e'].map((name) => `model-${name}`);
  const year = Array.from({ length: 365 }, (_, ago) =>
    models.map((model, at) => call(`0.${at + 1}`, { time: moment(ago, at + 1), model })),
  ).flat();
  await money.record(year);
  await signIn(page, money.owner, usage(money, `?from=${day(364)}&to=${day(-1)}&by=day&stack=model`));
  await expect(page.locator('[data-bar]')).toHaveCount(365);
  const drawn = await page.locator('.mw-card-trend').evaluate(async (card) => {
    const toggle = () => card.querySelector<HTMLButtonElement>('.mw-card-actions button')?.click();
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const times: number[] = [];
    for (let tried = 0; tried < 8; tried += 1) {
      toggle();
      await frame();
      const begun = performance.now();
      toggle();
      await Promise.resolve();
      // Reading a size has the browser lay everything out.
      const { width } = card.querySelector('svg.mw-trend-svg')?.getBoundingClientRect() ?? { width: 0 };
      if (width > 0) times.push(performance.now() - begun);
      await frame();
    }
    return times;
  });
  expect(drawn).toHaveLength(8);
  // Whatever else the machine does makes it slower, never faster.
  expect(Math.min(...drawn)).toBeLessThan(50);
});
