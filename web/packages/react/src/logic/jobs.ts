import type { Job } from '../state/jobs.ts';
import { formatInteger, formatShare } from './number.ts';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `12.4 MiB` */
export function bytesText(bytes: number): string {
  let size = bytes;
  let step = 0;
  while (size >= 1024 && step < UNITS.length - 1) {
    size /= 1024;
    step += 1;
  }
  return step === 0 ? `${formatInteger(bytes)} bytes` : `${size.toFixed(1)} ${UNITS[step]}`;
}

/** How far it is, or what came of it. */
export function jobText({ state, text, done, total, unit }: Job): string {
  if (state !== 'running') return text;
  const amount = unit === 'bytes' ? bytesText : formatInteger;
  const word = unit === 'bytes' ? '' : ` ${unit}`;
  const far =
    total === null
      ? `${amount(done)}${word} so far`
      : `${amount(done)} of ${amount(total)}${word}, ${formatShare(done, total)}`;
  return text === '' ? far : `${far}. ${text}`;
}

/** All of the running ones as one number from 0 to 1, or null where nobody knows. */
export function overallShare(jobs: readonly Job[]): number | null {
  const running = jobs.filter(({ state }) => state === 'running');
  const known = running.filter((job): job is Job & { total: number } => job.total !== null && job.total > 0);
  if (known.length === 0) return null;
  return known.reduce((sum, job) => sum + Math.min(1, job.done / job.total), 0) / known.length;
}
