import { createRequire } from 'node:module';
import { test as base, expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { serveStories, storyFiles } from '../support/stories.ts';

interface Told {
  id: string;
  title: string;
}

/** What the page of stories and the script of axe put there. */
interface Stage {
  stories: { index: Told[]; show: (id: string) => void; theme: (name: string) => void };
  axe: { run: (options: RunOptions) => Promise<AxeResults> };
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE = { width: 360, height: 800 };
/** When the fixtures are from. */
const NOW = '2026-11-22T10:30:00Z';

/** One page for many stories: opening one anew takes longer than looking at a story. */
interface Theatre {
  page: Page;
  index: Told[];
  /** What was said on the console since it was last emptied. */
  heard: string[];
}

const test = base.extend<object, { theatre: Theatre }>({
  theatre: [
    async ({ browser }, use) => {
      const { url, stop } = await serveStories();
      const page = await browser.newPage({
        viewport: PHONE,
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        colorScheme: 'light',
      });
      const heard: string[] = [];
      page.on('pageerror', (error) => heard.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) heard.push(message.text());
      });
      await use({ page, index: await open(page, url), heard });
      await page.close();
      await stop();
    },
    { scope: 'worker' },
  ],
});

/** So long a story may take to be drawn, whatever it shows, before it counts as hung. */
const READY_MS = 10_000;

// A trace keeps every look at every story, which takes longer than looking.
test.use({ trace: 'off' });

const files = await storyFiles();

for (const file of files) {
  test(`every story of ${file} is accessible and fits a small phone`, async ({
    theatre: { page, index, heard },
  }) => {
    test.setTimeout(120_000);
    const problems: string[] = [];
    for (const { id } of index.filter(({ title }) => title.endsWith(`/${file}`))) {
      const found = await look(page, id);
      problems.push(...[...found, ...heard.splice(0)].map((problem) => `${id}: ${problem}`));
    }
    expect(problems).toEqual([]);
  });
}

test('every story that was built is looked at', async ({ theatre: { index } }) => {
  const titles = new Set(index.map(({ title }) => title.split('/').at(-1)));
  expect([...titles].sort()).toEqual([...files].sort());
  expect(new Set(index.map(({ id }) => id)).size).toBe(index.length);
});

async function open(page: Page, site: string): Promise<Told[]> {
  await page.clock.setFixedTime(NOW);
  await page.goto(`${site}?story=parts-skeleton--line`);
  await page.addScriptTag({ path: AXE });
  return page.evaluate(() => (window as unknown as Stage).stories.index);
}

/** Shows one story and says what is wrong with it. */
async function look(page: Page, id: string): Promise<string[]> {
  await page.evaluate((story) => (window as unknown as Stage).stories.show(story), id);
  const ready = page.locator('.story[data-ready="true"]');
  const isReady = await ready.waitFor({ state: 'attached', timeout: READY_MS }).then(
    () => true,
    () => false,
  );
  if (!isReady) return [`was not there within ${READY_MS / 1000} s`];
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  const found = wider > 0 ? [`is ${wider} px wider than ${PHONE.width} px`] : [];
  for (const theme of ['light', 'dark']) {
    const violations = await page.evaluate(async (name) => {
      const { stories, axe } = window as unknown as Stage;
      stories.theme(name);
      const result = await axe.run({ resultTypes: ['violations'], preload: false });
      return result.violations.map(
        ({ id: rule, nodes }) =>
          `${rule} at ${nodes
            .slice(0, 5)
            .map(({ target }) => target.join(' '))
            .join(', ')}`,
      );
    }, theme);
    found.push(...violations.map((violation) => `${theme}: ${violation}`));
  }
  return found;
}
