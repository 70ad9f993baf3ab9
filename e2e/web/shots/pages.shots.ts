import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Demo } from '../support/demo.ts';
import { openPlace, PLACES, settled } from '../support/pages.ts';
import { STATES } from './states.ts';

/**
 * Environment: `SHOTS` is a part of names (only those are taken), `SHOTS_DIR` where they go, `SHOTS_WIDTHS` and
 * `SHOTS_THEMES` lists with commas. `SHOTS_LISTEN` is the demo's address, `SHOTS_PAGE` the origin of a page that is
 * served elsewhere, as by `npm run dev`, and asks that demo.
 */
const OUT = process.env.SHOTS_DIR ?? join(import.meta.dirname, '../test-results/pictures');
const WIDTHS = (process.env.SHOTS_WIDTHS ?? '390,1024,1600').split(',').map(Number);
const THEMES = (process.env.SHOTS_THEMES ?? 'light,dark').split(',') as ('light' | 'dark')[];
const HEIGHTS: Record<number, number> = { 390: 844, 1024: 768, 1600: 1000 };

const wanted = (name: string) => new RegExp(process.env.SHOTS ?? '').test(name);

let demo: Demo;
let tenant: string;
let origin: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  await mkdir(OUT, { recursive: true });
  demo = await Demo.start(process.env.SHOTS_LISTEN);
  origin = process.env.SHOTS_PAGE ?? demo.url;
});
test.afterAll(async () => demo.stop());

async function signIn(page: Page): Promise<void> {
  const owner = demo.links.find(({ who }) => /owner/i.test(who)) ?? demo.links[1];
  await page.goto(owner?.link.replace(demo.url, origin) ?? '');
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  const me = (await (await page.request.get(`${origin}/api/v1/me`)).json()) as { tenant: { slug: string } };
  tenant = me.tenant.slug;
}

/** In both themes without asking for anything again. */
async function take(page: Page, name: string, width: number, fullPage: boolean): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(OUT, `${name}-${width}-${colorScheme}.png`), fullPage });
  }
}

for (const width of WIDTHS) {
  const viewport = { width, height: HEIGHTS[width] ?? 900 };

  test(`every page at ${width} px`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await signIn(page);
    for (const place of PLACES.filter(({ name }) => wanted(name))) {
      await openPlace(page, { ...place, path: (slug) => origin + place.path(slug) }, tenant);
      await take(page, place.name, width, true);
    }
  });

  for (const state of STATES.filter(({ name, upTo = width }) => wanted(name) && width <= upTo)) {
    test(`${state.name} at ${width} px`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await signIn(page);
      await page.goto(origin + state.path.replace(':tenant', tenant));
      await settled(page);
      await state.reach(page);
      await take(page, state.name, width, false);
    });
  }

  test(`before signing in at ${width} px`, async ({ page, request }) => {
    await page.setViewportSize(viewport);
    if (wanted('sign-in')) {
      await page.goto(`${origin}/login`);
      await take(page, 'sign-in', width, false);
      await page.getByLabel('API key').fill('mw_not_a_key');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await take(page, 'sign-in-refused', width, false);
    }
    if (wanted('first-run')) {
      const slug = `fresh-${width}`;
      const headers = { Authorization: `Bearer ${demo.adminToken}` };
      await request.post(`${demo.url}/api/v1/tenants`, {
        headers,
        data: { slug, name: 'Fresh Ltd', timezone: 'UTC' },
      });
      const made = await request.post(`${demo.url}/api/v1/keys?tenant=${slug}`, {
        headers,
        data: { name: 'First', role: 'owner' },
      });
      const { token } = (await made.json()) as { token: string };
      await page.goto(`${origin}/login#token=${token}`);
      await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
      await take(page, 'first-run', width, true);
      for (const path of ['/log', '/budgets', '/limits', '/alerts', '/departments', '/reconcile']) {
        await page.goto(origin + path);
        await settled(page);
        await take(page, `empty${path.replace('/', '-')}`, width, true);
      }
    }
  });
}
