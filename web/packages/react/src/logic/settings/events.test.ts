// @vitest-environment node
import { expect, test } from 'vitest';
import { add, batchesOf, type Batch, countedText, LINES_AT_ONCE, NOTHING, problemsOf } from './events.ts';

async function cut(text: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of batchesOf(new Blob([text]))) batches.push(batch);
  return batches;
}

test('a file is cut into batches without losing or doubling a line', async () => {
  const lines = Array.from({ length: LINES_AT_ONCE * 2 + 3 }, (_, at) => `{"id":"é${at}"}`);
  const text = `${lines.slice(0, 10).join('\r\n')}\n\n${lines.slice(10).join('\n')}`;
  const batches = await cut(text);
  expect(batches.map((batch) => batch.lines.length)).toEqual([LINES_AT_ONCE, LINES_AT_ONCE, 3]);
  expect(batches.flatMap((batch) => batch.text.split('\n'))).toEqual(lines);
  expect(batches[0]?.lines.slice(8, 12)).toEqual([9, 10, 12, 13]);
  expect(batches.at(-1)?.readUntil).toBe(Buffer.byteLength(text));
});

test('an empty file has no batch, and a last line needs no end', async () => {
  expect(await cut('')).toEqual([]);
  expect(await cut('\n\n')).toEqual([]);
  expect((await cut('{"a":1}'))[0]?.text).toBe('{"a":1}');
});

test('verdicts are added up, and refusals carry the line of the file', () => {
  const verdict = {
    received: 4,
    stored: 1,
    duplicate: 1,
    conflict: 1,
    rejected: 1,
    results: [
      { index: 1, status: 'duplicate' },
      { index: 2, status: 'conflict' },
      { index: 3, status: 'rejected', error: { message: 'time is missing' } },
    ],
  };
  const counted = add(add(NOTHING, verdict), verdict);
  expect(countedText(counted)).toBe(
    '2 events stored, 2 events there already, 2 events there already with other content, 2 events refused',
  );
  expect(countedText(NOTHING)).toBe('0 events stored');
  expect(problemsOf([], verdict, [1, 2, 5, 9])).toEqual(['Line 5: conflict', 'Line 9: time is missing']);
});
