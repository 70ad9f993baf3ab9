import type { Page } from '@playwright/test';
import { LimitExceededError } from '../../../web/packages/client/dist/index.js';
import { type Fresh, test } from '../support/limits.ts';
import { Server } from '../support/server.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';

/** What a consumer was told, or nothing where it was allowed. */
async function refusalOf(work: Promise<unknown>): Promise<LimitExceededError['detail'] | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof LimitExceededError) return error.detail;
    throw error;
  }
}

const deploy = ({ backend }: Fresh, user: string, amount = 1) =>
  refusalOf(backend.consume({ metric: 'deployments', amount, user }));

const card = (page: Page, metric: string) => page.getByRole('region', { name: metric, exact: true });

test('a limit of a tier is changed in place and holds from the next decision on', async ({ page, fresh }) => {
  await signIn(page, fresh.owner, '/limits?tab=tiers');
  await page.getByRole('button', { name: 'Edit the limits of free' }).click();
  const field = page.getByRole('textbox', { name: 'Deployments' });
  await expect(field).toHaveValue('10');
  await field.fill('lots');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Enter a number such as 10 or 2.5.')).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill('3');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByRole('status').getByText('Saved the tier free: Deployments 10 → 3.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^free/ })).toContainText('3');

  for (const _ of [1, 2, 3]) expect(await deploy(fresh, 'u-1')).toBeUndefined();
  expect(await deploy(fresh, 'u-1')).toEqual({
    error: 'Usage limit exceeded',
    code: 'limit_exceeded',
    message: 'Daily deployments limit exceeded',
    current: 3,
    limit: 3,
    tier: 'free',
    metric: 'deployments',
  });

  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Show the limits of u-1' }).click();
  await expect(card(page, 'Deployments')).toContainText('3 of 3');
  await expect(card(page, 'Deployments')).toContainText('Nothing left');
  await expect(card(page, 'Storage')).toContainText('Unlimited');
});

test('another tier works at once, and back again', async ({ page, fresh }) => {
  expect(await deploy(fresh, 'u-1', 10)).toBeUndefined();
  expect(await deploy(fresh, 'u-1')).toMatchObject({ tier: 'free', limit: 10 });
  await signIn(page, fresh.owner, '/limits?tab=users&user=u-1');
  await expect(card(page, 'Deployments')).toContainText('10 of 10');
  await page.getByRole('table').getByRole('combobox', { name: 'Tier of u-1' }).selectOption('pro');
  await expect(page.getByText('u-1 is on the tier pro now.')).toBeVisible();
  await expect(card(page, 'Deployments')).toContainText('10 of 50');
  expect(await deploy(fresh, 'u-1')).toBeUndefined();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('u-1 is on the tier free now.')).toBeVisible();
  expect(await deploy(fresh, 'u-1')).toMatchObject({ tier: 'free', current: 11, limit: 10 });
});

test('own limits of a user hold instead of those of the tier', async ({ page, fresh }) => {
  expect(await deploy(fresh, 'u-1', 10)).toBeUndefined();
  await signIn(page, fresh.owner, '/limits?tab=users&user=u-1');
  await page.getByRole('button', { name: 'Edit the own limits of u-1' }).click();
  const field = page.getByRole('textbox', { name: 'Deployments' });
  await expect(field).toHaveAttribute('placeholder', 'As the tier (10)');
  await field.fill('10.5');
  await page.getByRole('button', { name: 'Save own limits' }).click();
  await expect(page.getByText('Saved the own limits of u-1.')).toBeVisible();
  await expect(card(page, 'Deployments')).toContainText('10 of 10.5');
  expect(await deploy(fresh, 'u-1', 0.75)).toMatchObject({ limit: 10.5 });
  expect(await deploy(fresh, 'u-1', 0.5)).toBeUndefined();
  expect(await deploy(fresh, 'u-2', 10.5)).toMatchObject({ limit: 10 });
  await page.getByRole('button', { name: 'Edit the own limits of u-1' }).click();
  await page.getByRole('textbox', { name: 'Deployments' }).fill('');
  await page.getByRole('button', { name: 'Save own limits' }).click();
  await expect(page.getByText('None: the limits of the tier free hold.')).toBeVisible();
});

test('a reset says what it does, and counters begin again', async ({ page, fresh }) => {
  await deploy(fresh, 'u-1', 10);
  await fresh.backend.increment({ metric: 'storage', amount: 7, user: 'u-1' });
  await signIn(page, fresh.owner, '/limits');
  await page.getByRole('button', { name: 'Reset counters of everyone…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reset counters of everyone?' });
  await expect(dialog).toContainText('API calls, Compute hours, Deployments');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Reset counters of everyone…' })).toBeFocused();
  expect(await deploy(fresh, 'u-1')).toBeDefined();

  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Reset counters' }).click();
  await expect(page.getByText(/^Reset \d+ counters? of everyone\.$/)).toBeVisible();
  expect(await deploy(fresh, 'u-1', 10)).toBeUndefined();
  await page.goto('/limits?tab=users&user=u-1');
  await expect(card(page, 'Storage')).toContainText('7 used');
});

test('who is near a limit depends on the threshold, which the address keeps', async ({ page, fresh }) => {
  await deploy(fresh, 'u-half', 5);
  await deploy(fresh, 'u-near', 9);
  await deploy(fresh, 'u-full', 10);
  await signIn(page, fresh.owner, '/limits');
  const table = page.getByRole('region', { name: 'Users near limits, table' });
  await expect(table.getByRole('rowheader')).toHaveText(['u-full', 'u-near']);
  await expect(page.getByText('2 users above 80 % of a limit.')).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Above, percent of a limit' });
  await slider.fill('45');
  await expect(table.getByRole('rowheader')).toHaveText(['u-full', 'u-near', 'u-half']);
  await expect(page).toHaveURL(/threshold=0\.45/);
  await page.reload();
  await expect(table.getByRole('rowheader')).toHaveCount(3);
  await slider.fill('100');
  await expect(page.getByText(/Nobody is above 100 % of a limit\. A lower threshold/)).toBeVisible();
  await slider.fill('45');
  await table.getByRole('button', { name: 'u-near' }).click();
  await expect(card(page, 'Deployments')).toContainText('9 of 10');
  await expect(page).toHaveURL(/tab=users.*user=u-near/);
  await expect(page.getByRole('heading', { name: 'u-near', level: 2 })).toBeFocused();
  await page.goBack();
  await expect(table).toBeVisible();
});

test('top users and the history show what was used, and the metric can be chosen', async ({
  page,
  fresh,
}) => {
  await deploy(fresh, 'u-1', 2);
  await deploy(fresh, 'u-2', 6);
  await fresh.backend.increment({ metric: 'api_calls', amount: 40, user: 'u-1' });
  await signIn(page, fresh.owner, '/limits?metric=deployments');
  const top = page.getByRole('region', { name: 'Top users by Deployments' });
  await expect(top.getByRole('listitem')).toHaveText([/^u-2free6$/, /^u-1free2$/]);
  const chart = page.getByRole('figure', { name: /^Deployments by day\. Most on .*: 8\.$/ });
  await page.getByRole('button', { name: 'View as table: Deployments by day' }).focus();
  await page.keyboard.press('Tab');
  await expect(chart.locator(':focus')).toHaveAccessibleName(/so far: 8$/);
  await page.keyboard.press('ArrowLeft');
  await expect(chart.locator(':focus')).toHaveAccessibleName(/: 0$/);
  await page.getByRole('button', { name: 'View as table: Deployments by day' }).click();
  const table = page.getByRole('region', { name: 'Deployments by day, table' });
  await expect(table.getByRole('row')).toHaveCount(8);
  await expect(table.getByRole('row').nth(1)).toHaveText(/82$/);
  await page.getByRole('combobox', { name: 'Metric' }).selectOption('API calls');
  await expect(page.getByRole('region', { name: 'Top users by API calls' })).toContainText('40');
  await page.getByRole('radio', { name: '30 days' }).check();
  await expect(page).toHaveURL(/days=30/);
});

test('a metric is added, limited for the tenant, and counts', async ({ page, fresh }) => {
  await signIn(page, fresh.owner, '/limits?tab=metrics');
  await page.getByRole('button', { name: 'Add a metric' }).click();
  const form = page.getByRole('form', { name: 'New metric' });
  await form.getByRole('textbox', { name: 'Name' }).fill('build_minutes');
  await form.getByRole('textbox', { name: 'Unit' }).fill('minutes');
  await form.getByRole('combobox', { name: 'Starts again' }).selectOption('Each week');
  await form.getByRole('combobox', { name: 'Zone' }).fill('Europe/Berlin');
  await form.getByRole('combobox', { name: 'Counts' }).selectOption('Decisions only');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Add the metric' }).click();
  await expect(page.getByRole('row', { name: /^Build minutes/ })).toContainText('Europe/Berlin');

  await page.getByRole('button', { name: 'Edit the metric build_minutes' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('Minutes that builds took');
  await page.getByRole('button', { name: 'Save metric' }).click();
  await expect(page.getByRole('row', { name: /^Build minutes/ })).toContainText('Minutes that builds took');
  await page.getByRole('button', { name: 'Edit the metric storage' }).click();
  await page.getByRole('combobox', { name: 'Starts again' }).selectOption('Each day');
  await page.getByRole('textbox', { name: 'Unit' }).fill('bytes');
  await page.getByRole('button', { name: 'Save metric' }).click();
  await expect(page.getByRole('row', { name: /^Storage/ })).toContainText('bytesEach dayUTC');

  await page.getByRole('button', { name: 'Edit the limits of the whole tenant' }).click();
  await page.getByRole('textbox', { name: 'Build minutes' }).fill('5');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Saved the limits of the whole tenant.')).toBeVisible();
  const build = (user: string) =>
    refusalOf(fresh.backend.consume({ metric: 'build_minutes', amount: 3, user }));
  expect(await build('u-1')).toBeUndefined();
  expect(await build('u-2')).toMatchObject({ scope: 'tenant', current: 3, limit: 5 });

  await page.goto('/limits?tab=users&user=u-1');
  await expect(card(page, 'Build minutes')).toContainText('3 used');
  await expect(card(page, 'Build minutes')).toContainText('(Europe/Berlin)');

  await page.goto('/limits?tab=metrics');
  await page.getByRole('button', { name: 'Delete the metric build_minutes' }).click();
  await page.getByRole('button', { name: 'Delete the metric', exact: true }).click();
  await expect(page.getByText('Deleted the metric build_minutes.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Build minutes/ })).toHaveCount(0);
});

test('a tier is added, used and, when nobody has it, deleted', async ({ page, fresh }) => {
  await deploy(fresh, 'u-1');
  await signIn(page, fresh.owner, '/limits?tab=tiers');
  await page.getByRole('button', { name: 'Add a tier' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('team');
  await page.getByRole('textbox', { name: 'Deployments' }).fill('2');
  await page.getByRole('button', { name: 'Add the tier' }).click();
  await expect(page.getByText('Added the tier team.')).toBeVisible();
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('combobox', { name: 'Tier of u-1' }).selectOption('team');
  await expect(page.getByText('u-1 is on the tier team now.')).toBeVisible();
  expect(await deploy(fresh, 'u-1', 2)).toMatchObject({ tier: 'team', limit: 2 });
  await page.getByRole('tab', { name: 'Tiers' }).click();
  await expect(page.getByRole('row', { name: /^team/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete the tier team' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('combobox', { name: 'Tier of u-1' }).selectOption('free');
  await expect(page.getByText('u-1 is on the tier free now.')).toBeVisible();
  await page.getByRole('tab', { name: 'Tiers' }).click();
  await page.getByRole('button', { name: 'Delete the tier team' }).click();
  await page.getByRole('button', { name: 'Delete the tier', exact: true }).click();
  await expect(page.getByText('Deleted the tier team.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Tiers, table' })).toBeFocused();
});

test('everything can be done with the keyboard alone', async ({ page, fresh }) => {
  await deploy(fresh, 'u-1');
  await signIn(page, fresh.owner, '/limits');
  await page.getByRole('tab', { name: 'Activity' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Tiers' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Tiers' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('table')).toBeVisible();
  const tabTo = async (name: string, role: 'button' | 'textbox' | 'switch') => {
    const target = page.getByRole(role, { name, exact: true });
    for (let steps = 0; steps < 30; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await tabTo('Edit the limits of free', 'button');
  await page.keyboard.press('Enter');
  await tabTo('Deployments', 'textbox');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('1');
  await tabTo('Unlimited: Storage', 'switch');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('64');
  await page.keyboard.press('Enter');
  await expect(
    page.getByText('Saved the tier free: Deployments 10 → 1, Storage Unlimited → 64.'),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit the limits of free' })).toBeFocused();
  expect(await deploy(fresh, 'u-1')).toMatchObject({ limit: 1 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('form')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Edit the limits of free' })).toBeFocused();
});

test('whoever is not signed in gets there afterwards', async ({ page, fresh }) => {
  await page.goto('/limits?tab=tiers');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel('API key').fill(fresh.owner);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Edit the limits of pro' })).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
});

test('a member sees its own limits and nothing of others', async ({ page, fresh }) => {
  await deploy(fresh, 'u-1', 4);
  await signIn(page, await fresh.memberOf('u-1'), '/');
  await page.getByRole('link', { name: 'Limits' }).click();
  await expect(page.getByText('u-1 is on the tier free. No limit is near.')).toBeVisible();
  await expect(card(page, 'Deployments')).toContainText('4 of 10');
  await expect(card(page, 'Deployments')).toContainText('(UTC)');
  await expect(page.getByRole('tab')).toHaveText(['Your limits', 'Tiers', 'Metrics']);
  await page.getByRole('tab', { name: 'Tiers' }).click();
  await expect(page.getByRole('row', { name: /^pro/ })).toContainText('50');
  await expect(page.getByRole('button', { name: /Edit|Add|Delete/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await expect(page.getByText('No metric is limited for the tenant as a whole.')).toBeVisible();
  await expectAccessible(page);
});

test('a viewer looks up any user, known or not, and changes nothing', async ({ page, fresh }) => {
  await deploy(fresh, 'team/1', 4);
  await signIn(page, fresh.viewer, '/limits');
  await page.getByRole('textbox', { name: 'User id' }).fill('team/1');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Deployments')).toContainText('4 of 10');
  await expect(page).toHaveURL(/user=team%2F1/);
  await page.reload();
  await expect(card(page, 'Deployments')).toContainText('4 of 10');
  await page.getByRole('textbox', { name: 'User id' }).fill('nobody');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No event or decision has named this user yet.')).toBeVisible();
  await expect(card(page, 'Deployments')).toContainText('0 of 10');
  await expect(page.getByRole('button', { name: /Edit|Reset/ })).toHaveCount(0);
  await expect(page.getByRole('combobox')).toHaveCount(0);
});

test('an admin chooses the tenant here too, and both pages keep it', async ({ page, world, fresh }) => {
  await deploy(fresh, 'u-only-here', 10);
  await signIn(page, world.server.adminToken, '/limits');
  await page.getByRole('combobox', { name: 'Tenant' }).selectOption({ value: fresh.tenant });
  await expect(page.getByRole('rowheader', { name: 'u-only-here' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('combobox', { name: 'Tenant' })).toHaveValue(fresh.tenant);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Limits' }).click();
  await expect(page.getByRole('rowheader', { name: 'u-only-here' })).toBeVisible();
  await page.getByRole('button', { name: 'u-only-here' }).first().click();
  await page.getByRole('combobox', { name: 'Tier of u-only-here' }).first().selectOption('pro');
  await expect(page.getByText('u-only-here is on the tier pro now.')).toBeVisible();
  await expect(card(page, 'Deployments')).toContainText('10 of 50');
});

test('an ingest key is told what it needs', async ({ page, world }) => {
  await signIn(page, world.ingest, '/limits');
  await expect(page.getByText(/Sign in with an owner, member or viewer key/)).toBeVisible();
  await expectAccessible(page);
});

test('a server that is gone shows an error and no number, and Retry brings them back', async ({ page }) => {
  const server = await Server.start();
  try {
    await server.createTenant('acme', 'Acme');
    const owner = await server.createKey('acme', 'owner');
    await page.goto(`${server.url}/login?next=/limits#token=${owner}`);
    await expect(page.getByRole('slider')).toBeVisible();
    await server.halt();
    await page.getByRole('tab', { name: 'Tiers' }).click();
    await expect(page.getByRole('alert').first()).toContainText('Server not reachable');
    await expect(page.getByRole('table')).toHaveCount(0);
    await expectAccessible(page);
    await server.run();
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await expect(page.getByRole('row', { name: /^free/ })).toContainText('5,000');
  } finally {
    await server.stop();
  }
});

const TABS = ['activity', 'users&user=u-full', 'tiers', 'metrics'];

for (const width of [360, 1024]) {
  for (const tab of TABS) {
    test(`the tab ${tab} is accessible and fits ${width} px, with every form open`, async ({
      page,
      fresh,
    }) => {
      // Up to six looks of axe, on a machine that does other things too.
      test.setTimeout(90_000);
      await page.setViewportSize({ width, height: 900 });
      await fresh.backend.reserve({ metric: 'deployments', amount: 4, user: 'u-full' });
      await deploy(fresh, 'u-full', 5);
      await deploy(fresh, 'a-user-whose-identifier-is-rather-long-for-a-phone@example.com', 9.123456);
      await signIn(page, fresh.owner, `/limits?tab=${tab}`);
      await expect(page.getByRole('table').first()).toBeVisible();
      await expect(page.locator('.mw-skeleton')).toHaveCount(0);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      for (const open of await page
        .getByRole('button', { name: /^Add|^Edit the (limits of (pro|the)|own|metric storage)/ })
        .all()) {
        await open.click();
        await expect(page.getByRole('form').first()).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Cancel' }).click();
        await expect(open).toBeFocused();
      }
    });
  }
}
