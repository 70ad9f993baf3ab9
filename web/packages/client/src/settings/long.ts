import { errorFromAnswer, errorFromThrown, MeterwireError } from '../error.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { Transport } from '../transport.ts';
import { readMessages } from './messages.ts';
import type { EventsVerdict, LiveTotals } from './types.ts';

export interface LiveOptions extends CallOptions {
  signal: AbortSignal;
  tz?: string | undefined;
}

export interface KeptFile {
  /** All of it; null where it was written elsewhere piece by piece. */
  blob: Blob | null;
  bytes: number;
  /** As the server calls it. */
  name: string | undefined;
}

/** Where a file goes while it comes, such as to the disk. Nothing of it is kept when `abort` is called. */
export interface FileSink {
  write(piece: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

export interface DownloadOptions {
  signal: AbortSignal;
  /** Without one it is gathered in memory, and refused beyond `MOST_IN_MEMORY`. */
  to?: FileSink | null;
  onPiece?: (piece: Uint8Array) => void;
}

/** How large a file may be that is gathered in memory. */
export const MOST_IN_MEMORY = 512 * 1024 * 1024;

/** What takes long, or never ends by itself. */
export interface LongCalls {
  /**
   * The totals of today, at once and whenever they change, until `signal` is aborted or the server ends it. They are
   * read by `fetch` and not by an `EventSource`, which could carry no key.
   */
  live(onTotals: (totals: LiveTotals) => void, options: LiveOptions): Promise<void>;
  /** Records the events of an NDJSON text. What is there already counts as a duplicate, so that it can be sent again. */
  recordLines(lines: string, options?: CallOptions): Promise<EventsVerdict>;
  /** An export of any size, without a time limit. */
  download(query: Record<string, unknown>, options: DownloadOptions): Promise<KeptFile>;
}

/** So much is gathered before it becomes a blob, which a browser may keep on its disk. */
const PIECE_BYTES = 8 * 1024 * 1024;

type Untyped = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

export function longCalls({ http, within }: Transport): LongCalls {
  const request = http.request as unknown as Untyped;
  const stream = async (path: string, query: Record<string, unknown>, signal: AbortSignal) => {
    const answered = await asked(request('get', path, { params: { query }, parseAs: 'stream', signal }));
    if (!answered.response.ok) throw errorFromAnswer(answered.response, answered.error);
    return answered.response;
  };
  return {
    live: async (onTotals, { tenant, tz, signal }) => {
      const response = await stream('/api/v1/usage/stream', { tenant, tz }, signal);
      await reading(readMessages(response, (data) => onTotals(JSON.parse(data) as LiveTotals)));
    },
    recordLines: async (lines, { tenant, signal } = {}) => {
      const { data, error, response } = await asked(
        request('post', '/api/v1/events', {
          params: { query: { tenant } },
          headers: { 'Content-Type': 'application/x-ndjson' },
          bodySerializer: (body: string) => body,
          body: lines,
          signal: within(signal),
        }),
      );
      // Where every event of a batch was refused the answer is 422 with the same body.
      const verdict = response.ok ? data : error;
      if (isVerdict(verdict)) return verdict;
      throw errorFromAnswer(response, verdict);
    },
    download: async (query, { signal, to = null, onPiece = () => {} }) => {
      try {
        const response = await stream('/api/v1/export', query, signal);
        const kept = await reading(to ? written(response, to, onPiece) : gathered(response, onPiece));
        return { ...kept, name: nameIn(response.headers.get('content-disposition')) };
      } catch (thrown) {
        // What began to be written must not pass for a file.
        await to?.abort().catch(() => {});
        throw thrown;
      }
    },
  };
}

async function asked<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (thrown) {
    throw errorFromThrown(thrown);
  }
}

/** A transfer that breaks off is an error: no part of it passes for the whole. */
async function reading<Whole>(transfer: Promise<Whole>): Promise<Whole> {
  try {
    return await transfer;
  } catch (thrown) {
    if (thrown instanceof MeterwireError) throw thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
    throw new MeterwireError({
      status: 0,
      code: 'unreachable',
      title: 'Cut off',
      message: 'The transfer was cut off before its end.',
      cause: thrown,
    });
  }
}

type Kept = Pick<KeptFile, 'blob' | 'bytes'>;

/** Each piece is written before the next is asked for, so that a slow disk holds up the server and fills no memory. */
async function written(
  response: Response,
  to: FileSink,
  onPiece: (piece: Uint8Array) => void,
): Promise<Kept> {
  let bytes = 0;
  for await (const piece of piecesOf(response)) {
    await kept(to.write(piece));
    bytes += piece.byteLength;
    onPiece(piece);
  }
  await kept(to.close());
  return { blob: null, bytes };
}

async function gathered(response: Response, onPiece: (piece: Uint8Array) => void): Promise<Kept> {
  const pieces: Blob[] = [];
  let loose: BlobPart[] = [];
  let looseBytes = 0;
  let bytes = 0;
  for await (const piece of piecesOf(response)) {
    loose.push(piece);
    looseBytes += piece.byteLength;
    bytes += piece.byteLength;
    if (bytes > MOST_IN_MEMORY) throw tooLarge();
    if (looseBytes >= PIECE_BYTES) {
      pieces.push(new Blob(loose));
      loose = [];
      looseBytes = 0;
    }
    onPiece(piece);
  }
  return {
    blob: new Blob([...pieces, ...loose], { type: response.headers.get('content-type') ?? '' }),
    bytes,
  };
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Where it is given up the server stops too.
    await reader.cancel().catch(() => {});
  }
}

/** What goes wrong with the disk is not the transfer's fault. */
async function kept(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (thrown) {
    throw new MeterwireError({
      status: 0,
      code: 'not_written',
      title: 'Not written',
      message: `The file could not be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      cause: thrown,
    });
  }
}

function tooLarge(): MeterwireError {
  return new MeterwireError({
    status: 0,
    code: 'too_large',
    title: 'Too large',
    message:
      'The file is larger than 512 MiB, and this browser would have to keep it in memory. Choose a shorter time, a browser that writes files while they come (Chrome, Edge), or meterwire export on the command line.',
  });
}

function isVerdict(body: unknown): body is EventsVerdict {
  return typeof body === 'object' && body !== null && 'received' in body && 'results' in body;
}

/** `attachment; filename="usage.csv"` */
function nameIn(disposition: string | null): string | undefined {
  return /filename="([^"/\\]+)"/.exec(disposition ?? '')?.[1];
}
