// Writes src/schema.ts from the OpenAPI document that the server generates.
import { writeFile } from 'node:fs/promises';
import { renderSchema, schemaFile } from './schema.mjs';

await writeFile(schemaFile, await renderSchema());
