// Copies the files with one ending from a folder, each to the same place below another: `node copy.mjs FROM TO .css`.
import { cp, readdir } from 'node:fs/promises';

const [from, to, ending] = process.argv.slice(2);
for (const path of await readdir(from, { recursive: true })) {
  if (path.endsWith(ending)) await cp(`${from}/${path}`, `${to}/${path}`);
}
