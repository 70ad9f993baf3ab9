const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const HASH = 0x23;

/**
 * Counts the rows of a file while it comes, in pieces of any size: of NDJSON the lines, of CSV the lines that stand in no
 * quotes, without those of the head, which begin with `#`, and without the names of the columns.
 */
export function rowCounter(format: 'csv' | 'ndjson'): (piece: Uint8Array) => number {
  const isCsv = format === 'csv';
  let lines = 0;
  let quoted = false;
  let atStart = true;
  let isHead = false;
  return (piece) => {
    for (const byte of piece) {
      if (atStart) isHead = isCsv && lines === 0 && byte === HASH;
      atStart = false;
      // Two quotes in a row, which stand for one, change nothing.
      if (isCsv && !isHead && byte === QUOTE) quoted = !quoted;
      if (byte !== LINE_FEED || quoted) continue;
      if (!isHead) lines += 1;
      atStart = true;
    }
    return isCsv ? Math.max(0, lines - 1) : lines;
  };
}
