// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
// @ts-expect-error plain JavaScript, shared with `npm run generate`
import { renderSchema, schemaFile } from '../scripts/schema.mjs';

test('the generated types are those of openapi.json', async () => {
  const current = await readFile(schemaFile, 'utf8');
  expect(current, 'run `npm --prefix web run generate`').toBe(await renderSchema());
});
