import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const BINARY = resolve(
  process.env.METERWIRE_BIN ?? join(import.meta.dirname, '../../../target/debug/meterwire'),
);
const START_MS = 180_000;
const ADMIN_TOKEN = 'admin-token-of-the-browser-tests';

/** `meterwire demo` on a free port: ninety days of made-up usage of three companies. */
export class Demo {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Links that sign in, by who they are for, in the order in which the demo names them. */
    readonly links: readonly { who: string; link: string }[],
  ) {}

  readonly adminToken = ADMIN_TOKEN;

  static async start(listen = '127.0.0.1:0'): Promise<Demo> {
    const child = spawn(BINARY, ['demo', '--listen', listen], {
      env: { ...process.env, METERWIRE_ADMIN_TOKEN: ADMIN_TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = await saidReady(child);
    const links = [...output.matchAll(/^ {2}(\S.*?) {2,}(http\S+\/login#token=\S+)$/gm)].map(
      ([, who = '', link = '']) => ({ who, link }),
    );
    const url = /page {2}(http:\S+)\/$/m.exec(output)?.[1];
    if (!url || links.length === 0) throw new Error(`the demo said something else:\n${output}`);
    return new Demo(child, url, links);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    this.child.kill('SIGINT');
    await ended;
  }
}

function saidReady(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let output = '';
    const timer = setTimeout(() => fail(new Error(`the demo was not ready in time:\n${output}`)), START_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes('Ctrl-C ends the demo')) return;
      clearTimeout(timer);
      done(output);
    });
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the demo ended with ${code}:\n${output}`)));
  });
}
