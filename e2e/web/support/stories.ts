import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, normalize, resolve } from 'node:path';

const WEB = resolve(import.meta.dirname, '../../../web');
const DIST = join(WEB, 'stories/dist');
const COMPONENTS = join(WEB, 'packages/react/src/components');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** The files that stories are written in, as the page of stories calls them. */
export async function storyFiles(): Promise<string[]> {
  const paths = await readdir(COMPONENTS, { recursive: true });
  return paths.filter((path) => path.endsWith('.stories.tsx')).map((path) => basename(path, '.stories.tsx'));
}

/** Serves the built stories on a free port of this machine. */
export async function serveStories(): Promise<{ url: string; stop: () => Promise<void> }> {
  await stat(join(DIST, 'index.html')).catch(() => {
    throw new Error('there are no built stories: run npm --prefix web run build:stories');
  });
  const http = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = join(DIST, normalize(pathname === '/' ? '/index.html' : pathname));
    const known = await stat(path).catch(() => undefined);
    if (!path.startsWith(DIST) || !known?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
    return createReadStream(path).pipe(response);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    stop: () => stopped(http),
  };
}

function stopped(http: Server): Promise<void> {
  http.closeAllConnections();
  return new Promise((done) => http.close(() => done()));
}
