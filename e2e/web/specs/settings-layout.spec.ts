import { call, test } from '../support/money.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';

const SECTIONS = [
  'keys',
  'users',
  'projects',
  'prices',
  'reports',
  'channels',
  'providers',
  'tenant',
  'dimensions',
  'data',
  'audit',
];

const LONG = 'a-name-that-is-rather-long-for-a-phone-and-for-a-table-too';

for (const width of [360, 768, 1024, 1600, 2560]) {
  test(`settings at ${width} px: nothing is cut off, and everybody can read it`, async ({ page, money }) => {
    test.setTimeout(180_000);
    const { client } = money;
    await money.record([
      call('1', { project: LONG, user: LONG, properties: { feature: 'x' } }),
      call('', { id: 'unpriced', provider: 'own', model: LONG, cost_usd: undefined }),
    ]);
    await client.keys.create({ name: LONG, role: 'ingest', project: LONG });
    await client.prices.create({
      provider: 'own',
      model: `${LONG}-priced`,
      input: '0.000125',
      output: '12.5',
    });
    await client.reports.create({ name: LONG, every: 'month', to: [`${LONG}@example.com`, 'b@example.com'] });
    await client.dimensions.create({ name: 'feature' });
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, money.owner, '/settings/keys');
    for (const section of SECTIONS) {
      await page.goto(`/settings/${section}`);
      await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
      await expect(page.locator('.mw-skeleton')).toHaveCount(0);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      const shown = page.getByRole('navigation', { name: 'Settings' }).locator('[aria-current="page"]');
      await expect(shown).toBeInViewport();
      for (const open of await page
        .getByRole('main')
        .getByRole('button', {
          name: /^(Add a|Make a key|Declare a|Edit|Import$|New from|History of)/,
        })
        .all()) {
        await open.click();
        await expectNoSidewaysScroll(page);
        await open.click();
      }
    }
  });
}
