import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectTotals,
  signIn,
  test,
} from '../support/test.ts';
import { TOTALS } from '../support/usage.ts';

for (const width of [360, 390, 768, 1024, 1600, 2560]) {
  test(`nothing is cut off or pushed sideways at ${width} px`, async ({ page, world }) => {
    await page.setViewportSize({ width, height: 900 });
    await signIn(page, world.owner, '/?range=30d&metric=cost');
    await expectTotals(page, TOTALS['30 days']);
    await expect(page.getByRole('table')).toBeVisible();
    await expectNoSidewaysScroll(page);
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
