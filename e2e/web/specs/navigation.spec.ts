import { expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from '../support/test.ts';

const PAGES = [
  'Overview',
  'Usage',
  'Log',
  'Budgets',
  'Departments',
  'Limits',
  'Alerts',
  'Reconcile',
  'Settings',
];

for (const width of [360, 600, 720, 900, 1024, 1280, 1440, 1600, 2560]) {
  test(`every page can be reached from the header at ${width} px`, async ({ page, world }) => {
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, world.owner);
    const menu = page.getByRole('button', { name: 'Menu' });
    if (width < 720) await menu.click();
    else await expect(menu).toBeHidden();
    const nav = page.getByRole('navigation', { name: 'Pages', exact: true });
    for (const name of PAGES) {
      const link = nav.getByRole('link', { name, exact: true });
      const box = await link.boundingBox();
      expect(box, name).not.toBeNull();
      expect(box?.x ?? -1, name).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(width);
    }
    await expect(nav.locator('[aria-current="page"]')).toHaveText('Overview');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await nav.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  });
}

test('the menu of a phone closes with Escape, with a tap elsewhere, and by itself', async ({
  page,
  world,
}) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await signIn(page, world.owner);
  const menu = page.getByRole('button', { name: 'Menu' });
  const nav = page.getByRole('navigation', { name: 'Pages', exact: true });
  await menu.click();
  await page.keyboard.press('Escape');
  await expect(nav).toHaveCount(0);
  await expect(menu).toBeFocused();
  await menu.click();
  await page.mouse.click(200, 780);
  await expect(nav).toHaveCount(0);
  await menu.click();
  await page.getByRole('radio', { name: 'Dark theme' }).check();
  await expectAccessible(page);
  await nav.getByRole('link', { name: 'Limits' }).click();
  await expect(page.getByRole('heading', { name: 'Limits', level: 1 })).toBeVisible();
  await menu.click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
});

test('the range that was chosen goes along to pages that follow it', async ({ page, world }) => {
  await signIn(page, world.owner, '/?range=30d');
  const nav = page.getByRole('navigation', { name: 'Pages', exact: true });
  await nav.getByRole('link', { name: 'Departments' }).click();
  await expect(page).toHaveURL(/departments\?range=30d/);
  await nav.getByRole('link', { name: 'Limits' }).click();
  await expect(page).toHaveURL(/\/limits$/);
});

test('the name of the tenant is whole beside the live mark at every width', async ({ page, world }) => {
  await signIn(page, world.owner);
  await expect(page.locator('.app-live')).toBeAttached();
  for (const width of [360, 390, 719, 720, 860, 1024, 1280, 1560, 1600, 1760, 1999, 2000, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    const cut = await page
      .locator('.app-tenant')
      .evaluate((name) => name.scrollWidth - Math.ceil(name.getBoundingClientRect().width));
    expect(cut, `${width} px`).toBeLessThanOrEqual(0);
    await expectNoSidewaysScroll(page);
  }
});
