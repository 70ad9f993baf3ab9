import type { Page } from '@playwright/test';
import { expectFocusSeen, focusedName, tabTo } from '../support/keyboard.ts';
import { call, moment, test } from '../support/money.ts';
import { expect } from '../support/test.ts';

/** The pointer never touches the page: what does is refused, so that a test cannot fall back to it. */
async function withoutPointer(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const name of ['pointerdown', 'mousedown', 'touchstart']) {
      addEventListener(name, () => document.documentElement.setAttribute('data-pointer', 'used'), true);
    }
  });
}

test('from signing in to signing out with no pointer, and every stop is seen', async ({ page, money }) => {
  test.setTimeout(120_000);
  await money.record([
    ...Array.from({ length: 12 }, (_, at) => call(`0.0${at + 10}`, { time: moment(1, at + 1) })),
    ...Array.from({ length: 5 }, (_, at) => call('1.25', { time: moment(2, at + 1), model: 'gpt-4o-mini' })),
    call('4.5', { time: moment(0) }),
  ]);
  await withoutPointer(page);

  // Signing in.
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
  await tabTo(page, /^API key/);
  await page.keyboard.type(money.owner);
  await tabTo(page, /^Show the key/);
  await tabTo(page, /^Sign in/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await expect(page.getByRole('figure', { name: /^Calls by day/ })).toBeVisible();

  // The skip link is the first stop and leads into the page.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the numbers' })).toBeFocused();
  await expectFocusSeen(page, 'the skip link');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  // The period: by letters, then earlier and later by arrows.
  for (const [key, range] of [
    ['d', 'today'],
    ['w', 'this_week'],
    ['m', 'this_month'],
    ['y', 'this_year'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`range=${range}`));
  }
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/range=today/);
  await page.keyboard.press('ArrowLeft');
  const yesterday = moment(1, 0).slice(0, 10);
  await expect(page).toHaveURL(new RegExp(`range=yesterday|from=${yesterday}`));
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('12');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('$4.50');

  // A bar of the usage page leads to its rows.
  await page.goto(`/dashboard/${money.tenant}/usage?range=7d`);
  await expect(page.getByRole('figure', { name: /^(Cost|Calls) by day/ })).toBeVisible();
  await tabTo(page, /^View as table: (Cost|Calls) by day/);
  await tabTo(page, /so far/);
  await page.keyboard.press('ArrowLeft');
  await expectFocusSeen(page, 'the bar of yesterday');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Log', level: 1 })).toBeVisible();
  await expect(page.getByText(/^12 events of /)).toBeVisible();

  // A receipt, the one below it, and back to the row.
  await tabTo(page, /^Receipt of /);
  const opened = await focusedName(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Receipt' })).toBeVisible();
  await tabTo(page, /^Event below/);
  await page.keyboard.press('Enter');
  await expectFocusSeen(page, 'the receipt below');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await focusedName(page)).toBe(opened);
  await expectFocusSeen(page, 'the row that was opened');
  // The browser's own way back leads to the chart that led here.
  for (let back = 0; back < 4 && !page.url().includes('/usage'); back += 1) await page.goBack();
  await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible();

  // A key in the settings, by the palette.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.type('make a key');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await expectFocusSeen(page, 'the name of the key');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Made the key By keyboard. Copy its token now.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^By keyboard/ })).toBeVisible();

  // The sections of the settings and the pages are links in their order.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Audit log' })).toBeVisible();

  // Signing out, from the top of the page.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sign out');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
  expect(await page.locator('[data-pointer]').count()).toBe(0);
});

test('every stop of every page of settings is seen', async ({ page, money }) => {
  test.setTimeout(120_000);
  await money.record([call('1')]);
  await page.goto(`/login#token=${money.owner}`);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  for (const section of ['keys', 'users', 'prices', 'channels', 'tenant', 'data']) {
    await page.goto(`/settings/${section}`);
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    await expect(page.locator('.mw-skeleton')).toHaveCount(0);
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').last().focus();
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab');
      if ((await focusedName(page)) === '') break;
      await expectFocusSeen(page, `${section}, stop ${step + 1}`);
    }
  }
});
