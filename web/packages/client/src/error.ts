import type { LimitExceededDetail } from './limits/types.ts';

/** Codes made on this side of the wire, where no answer of the server could be read. */
export type LocalErrorCode = 'unreachable' | 'timeout' | 'unreadable' | 'no_token';

/** What went wrong with one request, in the server's own words where it said any. */
export class MeterwireError extends Error {
  override readonly name: string = 'MeterwireError';
  /** The HTTP status, or 0 where no answer came. */
  readonly status: number;
  /** Stable, for programs: the server's `code`, or one of {@link LocalErrorCode}. */
  readonly code: string;
  /** A few words, for a heading. */
  readonly title: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(init: {
    status: number;
    code: string;
    title: string;
    message: string;
    field?: string | undefined;
    requestId?: string | undefined;
    cause?: unknown;
  }) {
    super(init.message, { cause: init.cause });
    this.status = init.status;
    this.code = init.code;
    this.title = init.title;
    this.field = init.field;
    this.requestId = init.requestId;
  }

  /** Whether the same request may well succeed a little later. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A limit refused, or a hard budget: `code` tells which. `detail` is what the server said, to be passed on as it is. */
export class LimitExceededError extends MeterwireError {
  override readonly name = 'LimitExceededError';
  readonly detail: LimitExceededDetail;
  /** Seconds until the counter starts again; undefined for a level, which does not. */
  readonly retryAfterSeconds: number | undefined;
  /** `RateLimit`, `RateLimit-Policy` and `Retry-After`, as far as the server sent them. */
  readonly headers: Record<string, string>;

  constructor(detail: LimitExceededDetail, headers: Headers = new Headers()) {
    super({
      status: 429,
      code: detail.code,
      title: detail.error,
      message: detail.message,
      requestId: headers.get('x-request-id') ?? undefined,
    });
    this.detail = detail;
    this.headers = Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  }

  /** Nothing changes before the counter starts again. */
  override get retryable(): boolean {
    return false;
  }
}

const PASSED_ON = ['RateLimit-Policy', 'RateLimit', 'Retry-After'];

/** By a limit, or by a hard budget: asking again at once does not help. */
function isRefusal(code: unknown): boolean {
  return code === 'limit_exceeded' || code === 'budget_exceeded' || code === 'unpriced_model';
}

/** Reads the documented error body. Anything else becomes `unreadable` with the status. */
export function errorFromAnswer(
  { status, headers }: { status: number; headers: Headers },
  body: unknown,
): MeterwireError {
  const requestId = headers.get('x-request-id');
  const detail = isRecord(body) && isRecord(body.detail) ? body.detail : undefined;
  if (status === 429 && isRefusal(detail?.code) && typeof detail?.message === 'string') {
    return new LimitExceededError(detail as unknown as LimitExceededDetail, headers);
  }
  if (!detail || typeof detail.message !== 'string') {
    return new MeterwireError({
      status,
      code: 'unreadable',
      title: 'Unexpected answer',
      message: `The server answered ${status} without a reason that can be read.`,
      requestId: requestId ?? undefined,
    });
  }
  return new MeterwireError({
    status,
    code: text(detail.code) ?? 'unknown',
    title: text(detail.error) ?? 'Request failed',
    message: detail.message,
    field: text(detail.field),
    requestId: text(detail.request_id) ?? requestId ?? undefined,
  });
}

/** Turns whatever `fetch` threw into an error with a code. An abort by the caller passes as it is. */
export function errorFromThrown(thrown: unknown): unknown {
  if (thrown instanceof MeterwireError) return thrown;
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  if (name === 'AbortError') return thrown;
  if (name === 'TimeoutError') {
    return new MeterwireError({
      status: 0,
      code: 'timeout',
      title: 'No answer in time',
      message: 'The server did not answer in time.',
      cause: thrown,
    });
  }
  if (thrown instanceof SyntaxError) {
    return new MeterwireError({
      status: 0,
      code: 'unreadable',
      title: 'Unexpected answer',
      message: 'The answer was not JSON. Is this address really a Meterwire server?',
      cause: thrown,
    });
  }
  return new MeterwireError({
    status: 0,
    code: 'unreachable',
    title: 'Server not reachable',
    message: 'The server could not be reached.',
    cause: thrown,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
