import type { Page } from '@playwright/test';
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectTotals,
  signIn,
  test,
} from '../support/test.ts';
import { TOTALS } from '../support/usage.ts';

const field = (page: Page) => page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox');

async function command(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('the palette does everything without a pointer', async ({ page, world }) => {
  await signIn(page, world.owner);
  await expectTotals(page, TOTALS['7 days']);
  await command(page, '30 days');
  await expectTotals(page, TOTALS['30 days']);
  await command(page, 'dark');
  await expect(page.getByRole('radio', { name: 'Dark theme' })).toBeChecked();
  await command(page, 'budgets');
  await expect(page.getByRole('heading', { name: 'Budgets', level: 1 })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  await command(page, 'make a key');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await command(page, 'audit');
  await expect(page.getByRole('heading', { name: 'Audit log' })).toBeVisible();
  await command(page, 'system theme');
  await expect(page.getByRole('radio', { name: 'System theme' })).toBeChecked();
  await command(page, 'today');
  await expectTotals(page, TOTALS.today);
});

test('a project, a model or a user that is looked for opens filtered by it', async ({ page, world }) => {
  await signIn(page, world.owner, '/limits');
  await command(page, 'search project');
  await expect(page).toHaveURL(/[?&]project=search/);
  await expectTotals(page, { calls: '2', tokens: '1,200', cost: '$0.50', errors: '1' });
  await command(page, 'attic');
  await expect(page).toHaveURL(/[?&]model=attic-llama/);
  await command(page, 'u-nobody-knows');
  await expect(page).toHaveURL(/[?&]user=u-nobody-knows/);
});

test('an admin goes to another tenant', async ({ page, world }) => {
  await signIn(page, world.server.adminToken, '/?tenant=acme');
  await expectTotals(page, TOTALS['7 days']);
  await command(page, 'quiet');
  await expect(page.getByRole('combobox', { name: 'Tenant' })).toHaveValue('quiet');
});

test('the focus stays inside, and goes back to where it was', async ({ page, world }) => {
  await signIn(page, world.owner);
  const button = page.getByRole('button', { name: 'Search and commands' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await expectAccessible(page);
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() => document.activeElement?.closest('main, header') !== null);
    expect(outside).toBe(false);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Meta+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('zzzz no such thing');
  await expect(page.getByRole('dialog').getByRole('option')).toHaveCount(1);
  await expectAccessible(page);
});

test('a viewer is not offered what it may not do', async ({ page, world }) => {
  await signIn(page, world.viewer);
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('make a key');
  await expect(page.getByRole('option', { name: 'Make a key', exact: true })).toHaveCount(0);
});

for (const width of [360, 1024, 2560]) {
  test(`the palette fits at ${width} px`, async ({ page, world }) => {
    await page.setViewportSize({ width, height: 640 });
    await signIn(page, world.owner);
    await page.getByRole('button', { name: 'Search and commands' }).click();
    await expectNoSidewaysScroll(page);
    const box = await page.getByRole('dialog').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
    await expectAccessible(page);
  });
}
