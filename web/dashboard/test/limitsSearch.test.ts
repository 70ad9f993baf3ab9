import { expect, test } from 'vitest';
import { limitsFromSearch, searchFromLimits } from '../src/limitsSearch.ts';
import { parseSearch, stringifySearch } from '../src/search.ts';

const read = (text: string) => limitsFromSearch(parseSearch(text));

test('a page without parameters is the default', () => {
  expect(read('')).toEqual({ limits: { threshold: 0.8, days: 7 } });
});

test('what is written is what is read again', () => {
  for (const text of [
    '?tab=users&user=u-42',
    '?tab=activity&metric=api_calls&date=2026-11-20&threshold=0.5&days=30&tenant=acme',
    '?threshold=0',
  ]) {
    expect(stringifySearch(searchFromLimits(read(text)))).toBe(text);
  }
});

test('nonsense in an address falls back instead of breaking the page', () => {
  expect(
    read('?tab=love&metric=Api&threshold=7&days=8&date=2026-02-31&user=' + 'x'.repeat(300) + '&other=1'),
  ).toEqual(read(''));
  expect(read('?threshold=').limits.threshold).toBe(0.8);
});
