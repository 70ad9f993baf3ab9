import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = resolve(
  process.env.METERWIRE_BIN ?? join(import.meta.dirname, '../../../target/debug/meterwire'),
);
const ADMIN_TOKEN = 'admin-token-of-the-browser-tests';
const START_MS = 20_000;
const STOP_MS = 10_000;

/** A real server on a free port with a data directory of its own. */
export class Server {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    private readonly dataDir: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** `settings` are environment variables of the process. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const dataDir = await mkdtemp(join(tmpdir(), 'meterwire-e2e-'));
    const server = new Server(dataDir, await freePort(), settings);
    await server.run();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process; after a `halt` the same data comes back on the same port. */
  async run(): Promise<void> {
    const child = spawn(BINARY, ['serve', '--data-dir', this.dataDir, '--listen', `127.0.0.1:${this.port}`], {
      env: { ...process.env, METERWIRE_ADMIN_TOKEN: ADMIN_TOKEN, ...this.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = new Error(
        `${BINARY} cannot be started (${error.message}); set METERWIRE_BIN or build it first`,
      );
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-4000);
      });
    }
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      if (failure) throw failure;
      if (child.exitCode !== null) throw new Error(`the server ended at once:\n${this.output}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`the server was not ready in time:\n${this.output}`);
  }

  /** Stops the process and keeps the data. */
  async halt(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  get adminToken(): string {
    return ADMIN_TOKEN;
  }

  async createTenant(slug: string, name: string): Promise<void> {
    await this.post('/api/v1/tenants', ADMIN_TOKEN, { slug, name, timezone: 'UTC' });
  }

  async createKey(tenant: string, role: string, user?: string): Promise<string> {
    const key = await this.post(`/api/v1/keys?tenant=${tenant}`, ADMIN_TOKEN, {
      name: `${role} key`,
      role,
      ...(user ? { user } : {}),
    });
    return (key as { token: string }).token;
  }

  async record(token: string, events: readonly object[]): Promise<void> {
    const verdict = (await this.post('/api/v1/events', token, events)) as { stored: number };
    if (verdict.stored !== events.length) throw new Error(`not all stored: ${JSON.stringify(verdict)}`);
  }

  private async post(path: string, token: string, body: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') done(address.port);
        else fail(new Error('no free port'));
      });
    });
  });
}
