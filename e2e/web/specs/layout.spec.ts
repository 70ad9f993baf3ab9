import { fillWithLongNames } from '../support/busy.ts';
import { test as withTenant } from '../support/money.ts';
import { openPlace, PLACES, settled } from '../support/pages.ts';
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectTotals,
  signIn,
  test,
} from '../support/test.ts';
import { TOTALS } from '../support/usage.ts';

const WIDTHS = [360, 390, 720, 1024, 1600, 2560];
/** Both layouts; what lies between is made of the same parts. */
const READ_AT = [360, 1600];

for (const place of PLACES) {
  withTenant(
    `${place.name}: not pushed sideways at any width, and everybody can read it`,
    async ({ page, money }) => {
      withTenant.setTimeout(120_000);
      await fillWithLongNames(money);
      await signIn(page, money.owner);
      await openPlace(page, place, money.tenant);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        await expectNoSidewaysScroll(page);
        if (READ_AT.includes(width)) await expectAccessible(page);
      }
    },
  );
}

for (const width of [360, 390, 768, 1024, 1600, 2560]) {
  test(`what opens on the overview stays on the screen at ${width} px`, async ({ page, world }) => {
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, world.owner, '/?range=30d&metric=cost');
    await expectTotals(page, TOTALS['30 days']);
    await expect(page.getByRole('table')).toBeVisible();
    for (const what of ['Custom range', 'Time zone']) {
      const button = page.getByRole('button', { name: new RegExp(`^${what}`) });
      await button.click();
      await expectNoSidewaysScroll(page);
      const panel = await page.getByRole('dialog').boundingBox();
      expect(panel?.x).toBeGreaterThanOrEqual(0);
      expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(width);
      await page.keyboard.press('Escape');
    }
    await expectAccessible(page);
  });
}

test('the sign-in page and the first-event page fit a small phone', async ({ page, world }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto('/login');
  await expect(page.getByLabel('API key')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await signIn(page, world.emptyOwner);
  await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test('without motion nothing moves', async ({ page, world }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.route(/\/api\/v1\/usage\//, () => {});
  await signIn(page, world.owner);
  const name = await page
    .locator('.mw-skeleton')
    .first()
    .evaluate((element) => getComputedStyle(element).animationName);
  expect(name).toBe('none');
});
