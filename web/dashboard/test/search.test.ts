import { expect, test } from 'vitest';
import { safeNext, tokenFromFragment } from '../src/loginToken.ts';
import { parseSearch, searchFromState, stateFromSearch, stringifySearch } from '../src/search.ts';

const read = (text: string) => stateFromSearch(parseSearch(text));

test('a page without parameters is the default', () => {
  expect(read('')).toEqual({
    view: { range: { preset: '7d' }, filters: {} },
    metric: 'calls',
    log: { sort: '-date', page: 1, pageSize: 25 },
  });
});

test('what is written is what is read again', () => {
  for (const text of [
    '?range=30d',
    '?from=2026-11-01&to=2026-11-11&tz=Asia%2FKolkata&tenant=acme',
    '?range=today&provider=openai&model=x&model=y&project=&metric=cost&sort=-cost&page=3&rows=100',
  ]) {
    const state = read(text);
    const written = stringifySearch(searchFromState(state));
    expect(written).toBe(text);
    expect(read(written)).toEqual(state);
  }
});

test('nonsense in an address falls back instead of breaking the page', () => {
  const state = read(
    '?range=7y&from=2026-02-31&to=x&tz=Mars%2FBase&metric=love&sort=drop&page=-1&rows=1e9&other=1',
  );
  expect(state).toEqual(read(''));
  expect(read('?page=1.5').log.page).toBe(1);
  expect(read('?from=2026-11-05&to=2026-11-01').view.range).toEqual({ preset: '7d' });
});

test('numbers in values stay the text that they are', () => {
  expect(read('?model=4&user=007').view.filters).toEqual({ model: ['4'], user: ['007'] });
});

test('the key is taken from the fragment of a login link', () => {
  expect(tokenFromFragment('#token=mw_abc')).toBe('mw_abc');
  expect(tokenFromFragment('#token=')).toBeNull();
  expect(tokenFromFragment('')).toBeNull();
});

test('after signing in nobody is sent to another site', () => {
  expect(safeNext('/?range=30d')).toBe('/?range=30d');
  for (const next of ['https://evil.test', '//evil.test', '/\\evil.test', '/login', undefined]) {
    expect(safeNext(next)).toBe('/');
  }
});
