// What a made-up tenant used, hour by hour. The same hour always has the same numbers, and every view adds up these
// hours, so that made-up views agree with each other as real ones do. Times are in UTC, dollars in whole nano-dollars.

/** One stream of made-up calls. The names are meant to be taken for nothing real. */
export interface Stream {
  provider: string;
  model: string;
  project: string;
  user: string;
  callsADay: number;
  inputTokens: number;
  outputTokens: number;
  inputNanos: number;
  outputNanos: number;
}

export interface Cell {
  stream: Stream;
  /** When the hour began, Unix milliseconds. */
  at: number;
  calls: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  costNanos: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const stream = (
  [provider, model, project, user]: [string, string, string, string],
  callsADay: number,
  [inputTokens, outputTokens]: [number, number],
  [inputNanos, outputNanos]: [number, number],
): Stream => ({
  provider,
  model,
  project,
  user,
  callsADay,
  inputTokens,
  outputTokens,
  inputNanos,
  outputNanos,
});

export const STREAMS: readonly Stream[] = [
  stream(
    ['Sample provider A', 'sample-large', 'Sample project 1', 'sample-user-1'],
    96,
    [1400, 380],
    [2500, 10_000],
  ),
  stream(
    ['Sample provider A', 'sample-small', 'Sample project 1', 'sample-user-2'],
    210,
    [620, 140],
    [150, 600],
  ),
  stream(
    ['Sample provider B', 'sample-reasoner', 'Sample project 2', 'sample-user-1'],
    44,
    [2100, 900],
    [3000, 15_000],
  ),
  stream(
    ['Sample provider B', 'sample-fast', 'Sample project 3', 'sample-user-3'],
    120,
    [900, 220],
    [800, 4000],
  ),
  stream(
    ['Sample provider C', 'sample-embedding', 'Sample project 2', 'sample-user-2'],
    60,
    [480, 0],
    [20, 0],
  ),
];

/** How busy the hours of a day are; they add up to 24. */
const HOURS = [
  0.3, 0.2, 0.2, 0.2, 0.3, 0.4, 0.7, 1.0, 1.5, 1.8, 1.9, 1.8, 1.5, 1.7, 1.8, 1.7, 1.5, 1.3, 1.0, 0.9, 0.8,
  0.6, 0.5, 0.4,
];
/** From Sunday on. */
const WEEKDAYS = [0.45, 1.1, 1.2, 1.2, 1.15, 1.05, 0.55];

/** A number from 0 up to 1 that looks random and is always the same. */
function chance(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x165667b1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function cellOf(stream: Stream, index: number, at: number): Cell {
  const date = new Date(at);
  const hour = Math.floor(at / HOUR_MS);
  const busy = (HOURS[date.getUTCHours()] ?? 1) * (WEEKDAYS[date.getUTCDay()] ?? 1);
  const calls = Math.round((stream.callsADay / 24) * busy * (0.75 + chance(hour, index) / 2));
  const inputTokens = Math.round(calls * stream.inputTokens * (0.9 + chance(hour, index + 50) / 5));
  const outputTokens = Math.round(calls * stream.outputTokens * (0.9 + chance(hour, index + 90) / 5));
  return {
    stream,
    at,
    calls,
    errors: chance(hour, index + 20) < calls * 0.012 ? 1 : 0,
    inputTokens,
    outputTokens,
    costNanos: inputTokens * stream.inputNanos + outputTokens * stream.outputNanos,
  };
}

/** The hours that begin in `[from, to)` and not after `now`, oldest first. At most 400 days. */
export function cells(from: number, to: number, now: number): Cell[] {
  const end = Math.min(to, now);
  const begin = Math.max(Math.ceil(from / HOUR_MS) * HOUR_MS, end - 400 * DAY_MS);
  const found: Cell[] = [];
  for (let at = begin; at < end; at += HOUR_MS) {
    STREAMS.forEach((one, index) => found.push(cellOf(one, index, at)));
  }
  return found;
}

export interface Sum {
  calls: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  tokens: number;
  costNanos: number;
}

export function sumOf(some: readonly Cell[]): Sum {
  const sum: Sum = { calls: 0, errors: 0, inputTokens: 0, outputTokens: 0, tokens: 0, costNanos: 0 };
  for (const cell of some) {
    sum.calls += cell.calls;
    sum.errors += cell.errors;
    sum.inputTokens += cell.inputTokens;
    sum.outputTokens += cell.outputTokens;
    sum.costNanos += cell.costNanos;
  }
  return { ...sum, tokens: sum.inputTokens + sum.outputTokens };
}

/** Exact decimal text. */
export function usdText(nanos: number | bigint): string {
  const text = String(nanos);
  const isBelow = text.startsWith('-');
  const digits = text.slice(isBelow ? 1 : 0).padStart(10, '0');
  return `${isBelow ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9).replace(/0+$/, '')}`.replace(
    /\.$/,
    '',
  );
}

export function usdNumber(nanos: number): number {
  return Number(usdText(nanos));
}

export function instant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export function dayOf(at: number): string {
  return instant(at).slice(0, 10);
}

export function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

/** The first instant of the month that `months` after this one. */
export function startOfMonth(at: number, months = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}
