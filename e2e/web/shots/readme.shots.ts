import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Demo } from '../support/demo.ts';
import { settled } from '../support/pages.ts';

/** The pictures of the README, to be made smaller and put into `docs/images`: run with `npm run shots -- readme`. */
const OUT = process.env.SHOTS_DIR ?? join(import.meta.dirname, '../test-results/pictures');
const SIZE = { width: 1280, height: 900 };

const PICTURES: readonly { name: string; path: string; reach?: (page: Page) => Promise<void> }[] = [
  { name: 'usage', path: '/dashboard/:tenant/usage?stack=model' },
  {
    name: 'receipt',
    path: '/log?range=7d&model=claude-haiku-4-5',
    reach: async (page) => {
      await page
        .getByRole('button', { name: /^Receipt of/ })
        .first()
        .click();
      await expect(page.getByRole('heading', { name: 'How the cost came about' })).toBeVisible();
    },
  },
  {
    name: 'forecast',
    path: '/dashboard/:tenant/usage',
    reach: async (page) => {
      await page.getByRole('radio', { name: 'Each day' }).check();
      await page.getByRole('heading', { name: 'Why the cost changed' }).evaluate((heading) => {
        scrollTo(0, heading.getBoundingClientRect().top + scrollY - 80);
      });
    },
  },
  { name: 'limits', path: '/limits' },
];

test('the pictures of the README', async ({ page }) => {
  await mkdir(OUT, { recursive: true });
  const demo = await Demo.start();
  try {
    await page.setViewportSize(SIZE);
    await page.goto(demo.links.find(({ who }) => /owner/.test(who))?.link ?? '');
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
    const answer = await page.request.get(`${demo.url}/api/v1/me`);
    const { tenant } = (await answer.json()) as { tenant: { slug: string } };
    for (const { name, path, reach } of PICTURES) {
      await page.goto(demo.url + path.replace(':tenant', tenant.slug));
      await settled(page);
      await reach?.(page);
      await settled(page);
      // What lies under the pointer would be lit up.
      await page.mouse.move(1, 1);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: join(OUT, `${name}-${colorScheme}.png`) });
      }
    }
  } finally {
    await demo.stop();
  }
});
