import { expect, test } from 'vitest';
import { rowCounter } from './rowCounter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('rows of a CSV are counted without its head, and a line within quotes is none', () => {
  const text = '# source: metered\n# a "quote\nname,note\n1,"two\nlines, ""so"""\n2,b\n';
  // However it is cut into pieces, it is the same.
  for (const size of [1, 2, 7, text.length]) {
    const count = rowCounter('csv');
    let rows = 0;
    for (let at = 0; at < text.length; at += size) rows = count(bytes(text.slice(at, at + size)));
    expect(rows).toBe(2);
  }
});

test('every line of NDJSON is a row', () => {
  const count = rowCounter('ndjson');
  expect(count(bytes('{"a":"\\""}\n{'))).toBe(1);
  expect(count(bytes('}\n'))).toBe(2);
  expect(rowCounter('csv')(bytes(''))).toBe(0);
});
