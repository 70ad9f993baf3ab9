// Builds the app from the packed packages and looks at it with a browser, beside a real server. Ends with
// `N passed, N failed`.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const binary =
  process.env.METERWIRE_BIN ?? fileURLToPath(new URL('../../../target/debug/meterwire', import.meta.url));
const next = 'node_modules/next/dist/bin/next';
const ADMIN = 'admin-token-of-the-example-only';
const STARTED_MS = 60_000;
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

const scratch = mkdtempSync(join(tmpdir(), 'meterwire-example-'));
const running = [];
let passed = 0;
let failed = 0;

async function test(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAIL ${name}\n     ${error.message}`);
  }
}

function expect(is, message) {
  if (!is) throw new Error(message);
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function start(command, args, more) {
  const child = spawn(command, args, {
    cwd: here,
    env: { ...env, ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.push(child);
  return child;
}

async function untilAnswers(url) {
  const end = Date.now() + STARTED_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`nothing answers at ${url}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function post(url, token, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A tenant with an owner's key and calls of two customers. */
async function fill(server) {
  await post(`${server}/api/v1/tenants`, ADMIN, { slug: 'acme', name: 'Acme' });
  const key = await post(`${server}/api/v1/keys?tenant=acme`, ADMIN, { name: 'app', role: 'owner' });
  const calls = [
    ...Array.from({ length: 1234 }, () => 'customer-1'),
    ...Array.from({ length: 77 }, () => 'customer-2'),
  ];
  const events = calls.map((user) => ({
    user,
    provider: 'openai',
    model: 'gpt-4o',
    status: 200,
    usage: { input_tokens: 100, output_tokens: 10 },
  }));
  await post(`${server}/api/v1/events`, key.token, events);
  return key.token;
}

/** What the page holds when everything has been asked. */
async function shownPage(url) {
  const { stdout } = await promisify(execFile)(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      `--user-data-dir=${join(scratch, 'browser')}`,
      '--virtual-time-budget=10000',
      '--dump-dom',
      url,
    ],
    { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
  );
  return stdout.replace(/<script[\s\S]*?<\/script>/g, '').replace(/<[^>]+>/g, ' ');
}

async function withServers() {
  const [meterPort, appPort, strayPort] = [await freePort(), await freePort(), await freePort()];
  const server = `http://127.0.0.1:${meterPort}`;
  const app = `http://127.0.0.1:${appPort}`;
  const stray = `http://127.0.0.1:${strayPort}`;
  start(binary, ['serve', '--data-dir', join(scratch, 'data'), '--listen', `127.0.0.1:${meterPort}`], {
    METERWIRE_ADMIN_TOKEN: ADMIN,
    METERWIRE_SERVER_CORS_ORIGINS: app,
  });
  await untilAnswers(`${server}/healthz`);
  const key = await fill(server);
  const settings = { METERWIRE_URL: server, METERWIRE_KEY: key, NEXT_PUBLIC_API_BASE: server };
  await test('the app builds from the packed packages', () => {
    execFileSync(process.execPath, [next, 'build'], {
      cwd: here,
      env: { ...env, ...settings },
      stdio: 'inherit',
    });
  });
  for (const port of [appPort, strayPort]) {
    start(process.execPath, [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)], settings);
  }
  await Promise.all([untilAnswers(app), untilAnswers(stray)]);
  await test('the route hands out a token of one customer that only reads', async () => {
    const { token } = await (await fetch(`${app}/api/meterwire-token`, { method: 'POST' })).json();
    const asked = (path, init) =>
      fetch(`${server}${path}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init?.headers } });
    const me = await (await asked('/api/v1/me')).json();
    expect(me.role === 'member' && me.user === 'customer-1', `not the customer: ${JSON.stringify(me)}`);
    const written = await asked('/api/v1/events', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(written.status === 403, `it could write: ${written.status}`);
  });
  await test('a customer sees its own usage, and nothing made up', async () => {
    const text = await shownPage(app);
    expect(/API calls\s+1,234/.test(text), `the page does not show 1,234 calls:\n${text}`);
    expect(!text.includes('Sample'), `the page shows sample data:\n${text}`);
  });
  await test('where the server may not be asked, sample data says that it is made up', async () => {
    const text = await shownPage(stray);
    expect(text.includes('Sample data.') && text.includes('made up'), `no word of the sample:\n${text}`);
    expect(!text.includes('1,234'), `real numbers in spite of it:\n${text}`);
  });
  await test('the key is in nothing that the browser gets', async () => {
    const html = await (await fetch(app)).text();
    const scripts = [...html.matchAll(/\/_next\/static\/[^"'\\]+\.js/g)].map(([path]) => path);
    expect(scripts.length > 0, 'the page names no script');
    const texts = await Promise.all(scripts.map(async (path) => (await fetch(`${app}${path}`)).text()));
    expect(![html, ...texts].some((text) => text.includes(key)), 'the key was found');
  });
}

try {
  execFileSync('node', ['pack.mjs'], { cwd: here, env, stdio: 'inherit' });
  execFileSync('npm', ['ci'], { cwd: here, env, stdio: 'inherit' });
  await withServers();
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  for (const child of running) child.kill('SIGTERM');
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
