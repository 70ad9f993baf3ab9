// Copies a folder: `node copy.mjs FROM TO`.
import { cp } from 'node:fs/promises';

const [from, to] = process.argv.slice(2);
await cp(from, to, { recursive: true });
