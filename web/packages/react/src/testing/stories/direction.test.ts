import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../..');
/** What means a side of the screen where the side of the words is meant. */
const PHYSICAL =
  /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)[^;]*|(?:left|right):[^;]*|text-align: (?:left|right))/gm;

test('no style names a side of the screen, so that all of them hold from right to left too', async () => {
  const paths = (await readdir(SOURCES, { recursive: true })).filter((path) => path.endsWith('.css'));
  expect(paths.length).toBeGreaterThan(10);
  const found: string[] = [];
  for (const path of paths) {
    const text = await readFile(join(SOURCES, path), 'utf8');
    found.push(...[...text.matchAll(PHYSICAL)].map(([rule]) => `${path}: ${rule.trim()}`));
  }
  expect(found).toEqual([]);
});
