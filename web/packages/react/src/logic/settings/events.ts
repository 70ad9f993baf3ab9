import type { EventsVerdict } from '@meterwire/client';
import { countOf } from '../number.ts';

/** The server takes 10,000 events and 16 MiB at once; less of it is written between other people's events. */
export const LINES_AT_ONCE = 2_000;
export const BYTES_AT_ONCE = 4 * 1024 * 1024;

export interface Counted {
  stored: number;
  duplicate: number;
  conflict: number;
  rejected: number;
}

export const NOTHING: Counted = { stored: 0, duplicate: 0, conflict: 0, rejected: 0 };

export function add(counted: Counted, { stored, duplicate, conflict, rejected }: EventsVerdict): Counted {
  return {
    stored: counted.stored + stored,
    duplicate: counted.duplicate + duplicate,
    conflict: counted.conflict + conflict,
    rejected: counted.rejected + rejected,
  };
}

/** `1,200 events stored, 3 there already, 1 refused` */
export function countedText({ stored, duplicate, conflict, rejected }: Counted): string {
  return [
    `${countOf(stored, 'event')} stored`,
    duplicate > 0 && `${countOf(duplicate, 'event')} there already`,
    conflict > 0 && `${countOf(conflict, 'event')} there already with other content`,
    rejected > 0 && `${countOf(rejected, 'event')} refused`,
  ]
    .filter(Boolean)
    .join(', ');
}

const PROBLEMS_SHOWN = 20;

/** Why events were not taken, each with its line in the file, as far as they are shown. */
export function problemsOf(
  before: readonly string[],
  { results }: EventsVerdict,
  lines: readonly number[],
): readonly string[] {
  const found = results
    .filter(({ status }) => status !== 'duplicate' && status !== 'stored')
    .map(({ index, status, error }) => `Line ${lines[index] ?? '?'}: ${error?.message ?? status}`);
  return [...before, ...found].slice(0, PROBLEMS_SHOWN);
}

export interface Batch {
  text: string;
  /** The line of the file that each event stands on. */
  lines: number[];
  /** Bytes of the file until the end of it. */
  readUntil: number;
}

/** Cuts a file of NDJSON into batches, reading a piece at a time. Empty lines are left out. */
export async function* batchesOf(file: Blob): AsyncGenerator<Batch> {
  const reader = file.stream().getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  let bytes = 0;
  let batch: { texts: string[]; lines: number[]; size: number } = { texts: [], lines: [], size: 0 };
  const take = (text: string) => {
    line += 1;
    if (text.trim() === '') return;
    batch.texts.push(text);
    batch.lines.push(line);
    batch.size += text.length;
  };
  const full = () => batch.texts.length >= LINES_AT_ONCE || batch.size >= BYTES_AT_ONCE;
  const cut = (): Batch => {
    const done = { text: batch.texts.join('\n'), lines: batch.lines, readUntil: bytes };
    batch = { texts: [], lines: [], size: 0 };
    return done;
  };
  for (;;) {
    const { done, value } = await reader.read();
    bytes += value?.byteLength ?? 0;
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const parts = rest.split('\n');
    rest = done ? '' : (parts.pop() ?? '');
    for (const part of parts) {
      take(part.replace(/\r$/, ''));
      if (full()) yield cut();
    }
    if (done) break;
  }
  if (batch.texts.length > 0) yield cut();
}
