// One recipe for the generated types, shared by `npm run generate` and by the test that they are current.
import { readFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../../../openapi.json', import.meta.url);

export const schemaFile = new URL('../src/schema.ts', import.meta.url);

export async function renderSchema() {
  const document = JSON.parse(await readFile(source, 'utf8'));
  const ast = await openapiTS(document);
  return `// Generated from openapi.json by \`npm run generate\`. Do not edit.\n${astToString(ast)}`;
}
