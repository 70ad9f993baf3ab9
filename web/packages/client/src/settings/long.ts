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
  blob: Blob;
  /** As the server calls it. */
  name: string | undefined;
}

/** What takes long, or never ends by itself. */
export interface LongCalls {
  /**
   * The totals of today, at once and whenever they change, until `signal` is aborted or the server ends it. They are
   * read by `fetch` and not by an `EventSource`, which could carry no key.
   */
  live(onTotals: (totals: LiveTotals) => void, options: LiveOptions): Promise<void>;
  /** Records the events of an NDJSON text. What is there already counts as a duplicate, so that it can be sent again. */
  recordLines(lines: string, options?: CallOptions): Promise<EventsVerdict>;
  /** An export of any size, without a time limit: `onBytes` is told how much of it has come. */
  download(
    query: Record<string, unknown>,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<KeptFile>;
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
    download: async (query, onBytes, signal) => {
      const response = await stream('/api/v1/export', query, signal);
      const blob = await reading(gathered(response, onBytes));
      return { blob, name: nameIn(response.headers.get('content-disposition')) };
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

async function gathered(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  const reader = response.body?.getReader();
  if (!reader) return response.blob();
  const pieces: Blob[] = [];
  let loose: BlobPart[] = [];
  let looseBytes = 0;
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    loose.push(value);
    looseBytes += value.byteLength;
    bytes += value.byteLength;
    if (looseBytes >= PIECE_BYTES) {
      pieces.push(new Blob(loose));
      loose = [];
      looseBytes = 0;
    }
    onBytes(bytes);
  }
  return new Blob([...pieces, ...loose], { type: response.headers.get('content-type') ?? '' });
}

function isVerdict(body: unknown): body is EventsVerdict {
  return typeof body === 'object' && body !== null && 'received' in body && 'results' in body;
}

/** `attachment; filename="usage.csv"` */
function nameIn(disposition: string | null): string | undefined {
  return /filename="([^"/\\]+)"/.exec(disposition ?? '')?.[1];
}
