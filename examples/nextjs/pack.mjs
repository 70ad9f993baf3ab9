// Packs the client and the components as they would be published, so that this app installs what others would.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const web = fileURLToPath(new URL('../../web', import.meta.url));

rmSync(`${here}packed`, { recursive: true, force: true });
mkdirSync(`${here}packed`);
for (const name of ['client', 'react']) {
  const workspace = ['--workspace', `@meterwire/${name}`];
  execFileSync('npm', ['--prefix', web, 'run', 'build', ...workspace], { stdio: 'inherit' });
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', `${here}packed`, ...workspace], {
    cwd: web,
  });
  const [{ filename }] = Object.values(JSON.parse(told.toString()));
  renameSync(`${here}packed/${filename}`, `${here}packed/meterwire-${name}.tgz`);
}
