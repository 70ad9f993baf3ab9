// Fails where the page's first load or the hooks carry more JavaScript than was promised, or the page any sample data.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const PAGE_LIMIT_KB = 200;
const HOOKS_LIMIT_KB = 6;
const dist = new URL('../dashboard/dist/', import.meta.url);

let failed = false;
function tell(bytes, what, limit) {
  console.log(
    `${(bytes / 1024).toFixed(1).padStart(7)} KB gzip  ${what}${limit ? `, limit ${limit} KB` : ''}`,
  );
  if (!limit || bytes <= limit * 1024) return;
  console.error(`The ${what} is over its limit.`);
  failed = true;
}

/** What the page names itself, and what those files import statically, is loaded before anything is shown. */
async function firstLoad() {
  const html = await readFile(new URL('index.html', dist), 'utf8');
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
  for (const [path, size] of sizes) tell(size, path);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** A word that stands in every made-up project. */
async function filesWithSample() {
  const names = await readdir(new URL('assets/', dist));
  const scripts = names.filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(scripts.map((name) => readFile(new URL(`assets/${name}`, dist), 'utf8')));
  return scripts.filter((_, index) => texts[index].includes('Sample project'));
}

/** `./hooks` as another app's bundler would take it, without what the app has anyway or may share: its dependencies. */
async function hooks() {
  const vite = createRequire(new URL('../dashboard/package.json', import.meta.url)).resolve('vite');
  const { rolldown } = await import(createRequire(vite).resolve('rolldown'));
  const bundle = await rolldown({
    logLevel: 'silent',
    input: fileURLToPath(new URL('../packages/react/dist/hooks/index.js', import.meta.url)),
    external: [/^react(-dom)?(\/|$)/, /^@tanstack\/react-query$/, /^@meterwire\/client$/, /^zustand(\/|$)/],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  // What is imported where it is first needed, the sample, is not loaded with it.
  const entry = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  const loaded = output.filter((chunk) => chunk === entry || entry.imports.includes(chunk.fileName));
  return loaded.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

tell(await firstLoad(), 'first load', PAGE_LIMIT_KB);
tell(await hooks(), 'hooks entry', HOOKS_LIMIT_KB);
for (const name of await filesWithSample()) {
  console.error(`${name} carries sample data, which the server's own page must never show.`);
  failed = true;
}
if (failed) process.exitCode = 1;
