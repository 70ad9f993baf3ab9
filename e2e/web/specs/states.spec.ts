import { Server } from '../support/server.ts';
import { expect, expectAccessible, expectTotals, signIn, test } from '../support/test.ts';
import { history, TOTALS } from '../support/usage.ts';

test('a tenant without events gets a command that works as it is', async ({ page, world, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, world.emptyOwner);
  await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Copy' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(`curl '${world.server.url}/api/v1/events'`);
  expect(command).toContain('$METERWIRE_KEY');
  expect(command).not.toContain(world.emptyOwner);
});

test('the copied command records the first event, and the page shows it', async ({ page }) => {
  const server = await Server.start();
  try {
    await server.createTenant('fresh', 'Fresh');
    const owner = await server.createKey('fresh', 'owner');
    await page.goto(`${server.url}/login#token=${owner}`);
    const command = await page
      .getByRole('region', { name: 'Command that sends the first event' })
      .textContent();
    const body = /-d '([^']+)'/s.exec(command ?? '')?.[1] ?? '';
    await server.record(owner, [JSON.parse(body)]);
    await page.reload();
    await expectTotals(page, { calls: '1', tokens: '1,500', cost: '$0.006', errors: '0' });
  } finally {
    await server.stop();
  }
});

test('an empty range of a tenant with events leads to them', async ({ page, world }) => {
  await signIn(page, world.owner, '/?from=2020-01-01&to=2020-01-03');
  await expect(page.getByText('The last twelve months have 37 events.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show the week of the newest event' }).click();
  await expectTotals(page, TOTALS['7 days']);
});

test('while it loads the page shows no number', async ({ page, world }) => {
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\/api\/(v1\/)?usage\//, async (route) => {
    await held;
    await route.continue();
  });
  await signIn(page, world.owner);
  await expect(page.getByRole('group', { name: 'Totals' })).toBeVisible();
  expect(await page.getByRole('group', { name: 'Totals' }).textContent()).not.toMatch(/\d/);
  await expectAccessible(page);
  release();
  await expectTotals(page, TOTALS['7 days']);
});

test('a server that is gone shows an error and no number, and Retry brings them back', async ({ page }) => {
  const server = await Server.start();
  try {
    await server.createTenant('acme', 'Acme');
    const owner = await server.createKey('acme', 'owner');
    await server.record(owner, history());
    await page.goto(`${server.url}/login#token=${owner}`);
    await expectTotals(page, TOTALS['7 days']);
    await server.halt();
    await page.getByRole('radio', { name: '30 days' }).check();
    await expect(page.getByRole('alert')).toContainText('Server not reachable');
    await expect(page.getByRole('group', { name: 'Totals' })).toHaveCount(0);
    await expect(page.getByRole('figure')).toHaveCount(0);
    await expect(page.getByRole('table')).toHaveCount(0);
    await expectAccessible(page);
    await server.run();
    await page.getByRole('button', { name: 'Retry' }).click();
    await expectTotals(page, TOTALS['30 days']);
  } finally {
    await server.stop();
  }
});

test('a key that may only write is told what it needs', async ({ page, world }) => {
  await page.goto(`/login#token=${world.ingest}`);
  await expect(page.getByRole('alert').first()).toContainText(/owner, member or viewer/);
  await expectAccessible(page);
});
