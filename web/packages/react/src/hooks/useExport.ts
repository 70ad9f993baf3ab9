'use client';

import type { MeterwireClient } from '@meterwire/client';
import { bytesText } from '../logic/jobs.ts';
import { countOf } from '../logic/number.ts';
import { rowCounter } from '../logic/rowCounter.ts';
import { useMeterwire } from '../state/context.ts';
import { keepFile } from './keepFile.ts';
import { saveTarget } from './saveTarget.ts';
import { useJobs } from './useJobs.ts';
import { useView } from './useView.ts';

export interface Export {
  /** What is taken away: `Export: every event, today`. */
  title: string;
  /** Of `/api/v1/export`. */
  query: Record<string, unknown>;
  name: string;
  /** Where in the page it belongs. */
  place: string;
}

/**
 * Takes usage away as a file of any size, as work that goes on when its page is left. It is written to the disk while it
 * comes where the browser can do that; elsewhere it is gathered first, up to a bound.
 */
export function useExport(): (what: Export) => Promise<void> {
  const { client, sources } = useMeterwire();
  const { tenant } = useView().view;
  const jobs = useJobs();
  return async ({ title, query, name: plainName, place }) => {
    const isSample = sources.worst()?.source === 'sample';
    const name = isSample ? `sample-${plainName}` : plainName;
    const to = await saveTarget(name);
    if (to === undefined) return;
    const wanted: Record<string, unknown> = { tenant, ...query };
    jobs.start({ title, total: null, unit: 'bytes', place }, async ({ signal, tell }) => {
      const from = isSample ? (await import('../sample/client.ts')).sampleClient() : client;
      void expectedRows(from, wanted, signal).then((total) => total !== null && tell({ total }));
      const progress = progressOf(wanted.format, tell);
      const kept = await from.download(wanted, { signal, to, onPiece: progress.add });
      if (kept.blob) keepFile(kept.blob, name);
      return progress.end();
    });
  };
}

type Tell = (part: { done: number; text: string; unit?: 'bytes' | 'rows' }) => void;

const TELL_MS = 200;

/** Counts what has come and tells it, but not at every piece. */
function progressOf(format: unknown, tell: Tell) {
  const rowsIn = format === 'csv' || format === 'ndjson' ? rowCounter(format) : null;
  let bytes = 0;
  let rows = 0;
  let toldAt = 0;
  const add = (piece: Uint8Array) => {
    bytes += piece.byteLength;
    if (rowsIn) rows = rowsIn(piece);
    const now = Date.now();
    if (now - toldAt < TELL_MS) return;
    toldAt = now;
    if (rowsIn) tell({ done: rows, text: bytesText(bytes), unit: 'rows' });
    else tell({ done: bytes, text: '' });
  };
  const end = () => `${rowsIn ? `${countOf(rows, 'row')}, ` : ''}${bytesText(bytes)} saved.`;
  return { add, end };
}

/** How many rows the log has, so that it can be seen how far it is. Null where that is not known, or not worth a question. */
async function expectedRows(
  client: MeterwireClient,
  { format, view, header: _, priced, ...span }: Record<string, unknown>,
  signal: AbortSignal,
): Promise<number | null> {
  if (view !== 'log' || priced !== undefined || format === 'pdf') return null;
  try {
    const { total } = await client.usage({ ...span, metrics: ['calls'] }, signal);
    return total.calls ?? null;
  } catch {
    return null;
  }
}
