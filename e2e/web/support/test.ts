import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Server } from './server.ts';
import { history } from './usage.ts';

export interface World {
  server: Server;
  /** A tenant with the known history. */
  owner: string;
  viewer: string;
  ingest: string;
  /** A tenant in which nothing ever happened. */
  emptyOwner: string;
}

/** One server with two tenants for all tests that only read. */
export const test = base.extend<{ quiet: undefined }, { world: World }>({
  world: [
    // Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await Server.start();
      try {
        await server.createTenant('acme', 'Acme Robotics');
        await server.createTenant('quiet', 'Quiet Ltd');
        const owner = await server.createKey('acme', 'owner');
        await server.record(owner, history());
        await use({
          server,
          owner,
          viewer: await server.createKey('acme', 'viewer'),
          ingest: await server.createKey('acme', 'ingest'),
          emptyOwner: await server.createKey('quiet', 'owner'),
        });
      } finally {
        await server.stop();
      }
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ world }, use) => use(world.server.url),
  // A defect that the page swallows, or a breach of the content policy, fails whichever test meets it.
  quiet: [
    async ({ page }, use) => {
      const heard: string[] = [];
      // Nobody is there who could choose where a file goes; it is handed to the browser instead.
      await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      page.on('pageerror', (error) => heard.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) heard.push(message.text());
      });
      await use(undefined);
      expect(heard).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const HEADINGS: Record<string, string> = {
  '/log': 'Log',
  '/limits': 'Limits',
  '/budgets': 'Budgets',
  '/departments': 'Departments',
  '/alerts': 'Alerts',
  '/reconcile': 'Reconcile',
};

export async function signIn(page: Page, token: string, path = '/'): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(path)}#token=${token}`);
  const isUsage = path.startsWith('/dashboard/');
  const isSettings = path.startsWith('/settings');
  const known = isUsage ? 'Usage' : isSettings ? 'Settings' : HEADINGS[path.split('?')[0] ?? ''];
  const heading = known ?? 'Overview';
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
}

export async function expectTotals(
  page: Page,
  totals: { calls: string; tokens: string; cost: string; errors: string },
): Promise<void> {
  for (const [label, value] of Object.entries(totals)) {
    const card = page
      .getByRole('group', { name: 'Totals' })
      .getByRole('button', { name: new RegExp(`^${label}`, 'i') });
    await expect(card.locator('.mw-stat-value').getByText(value, { exact: true })).toHaveCount(1);
  }
}

/** No violation in either theme, with nothing left out. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${colorScheme}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
    );
    expect(found).toEqual([]);
  }
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // A chart takes its new width a frame after the page has it.
  await expect
    .poll(() =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    )
    .toBe(0);
}
