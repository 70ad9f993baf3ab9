// Fails where the page's first load carries more JavaScript than was promised.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 200;
const dist = new URL('../dashboard/dist/', import.meta.url);

const html = await readFile(new URL('index.html', dist), 'utf8');
// What the page names itself, and what those files import statically, is loaded before anything is shown.
const waiting = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
if (waiting.length === 0) throw new Error('index.html names no script: was the dashboard built?');
const sizes = new Map();
while (waiting.length > 0) {
  const path = waiting.pop();
  if (sizes.has(path)) continue;
  const source = await readFile(new URL(path, dist));
  sizes.set(path, gzipSync(source).length);
  for (const [, name] of source.toString().matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
    waiting.push(`assets/${name}`);
  }
}

const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
for (const [path, size] of sizes) console.log(`${(size / 1024).toFixed(1).padStart(7)} KB gzip  ${path}`);
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB gzip  first load, limit ${LIMIT_KB} KB`);
if (total > LIMIT_KB * 1024) {
  console.error('The first load is over its limit.');
  process.exitCode = 1;
}
