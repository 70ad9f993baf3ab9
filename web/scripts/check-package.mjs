// Fails where what would be published does not work for others: entries, types, files that are missing.
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const web = fileURLToPath(new URL('..', import.meta.url));
let failed = false;

for (const name of ['client', 'react']) {
  const pkgDir = `${web}packages/${name}`;
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: 'npm' });
  for (const message of messages) console.error(`@meterwire/${name}: ${formatMessage(message, pkg)}`);
  failed ||= messages.length > 0;
  // Modules of the kind that Node calls ESM are all there is; styles have no types.
  const styles = name === 'react' ? ['--exclude-entrypoints', 'styles.css'] : [];
  try {
    execFileSync(
      `${web}node_modules/.bin/attw`,
      ['--pack', pkgDir, '--profile', 'esm-only', '--no-color', '--no-emoji', '--format', 'ascii', ...styles],
      { cwd: web, stdio: ['ignore', 'pipe', 'inherit'] },
    );
  } catch (error) {
    console.error(`${error.stdout}`);
    failed = true;
  }
}
// A server component may import any of our files; those with hooks have to say that they are for the browser.
const dist = `${web}packages/react/dist/`;
for (const path of (await readdir(dist, { recursive: true })).filter((path) => path.endsWith('.js'))) {
  const text = await readFile(`${dist}${path}`, 'utf8');
  const hasHooks = /import \{[^}]*\b(use[A-Z]|createContext)[^}]*\} from/.test(text);
  if (!hasHooks || /^['"]use client['"];/.test(text)) continue;
  console.error(`@meterwire/react: ${path} has hooks and does not say 'use client'`);
  failed = true;
}

console.log(failed ? 'The packages have faults.' : 'publint and attw find no fault in the packages.');
if (failed) process.exitCode = 1;
