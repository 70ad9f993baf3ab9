import { DEFAULT_EVENTS, DEFAULT_STATS } from '@meterwire/react';
import { expect, test } from 'vitest';
import { pathTenant, withoutPathTenant } from '../src/pathTenant.ts';
import { parseSearch, stringifySearch } from '../src/search.ts';
import { eventsFromSearch, searchFromEvents, searchFromUsage, usageFromSearch } from '../src/usageSearch.ts';

test('the usage page survives its address, and the default has none', () => {
  expect(searchFromUsage(DEFAULT_STATS)).toEqual({});
  expect(usageFromSearch({})).toEqual(DEFAULT_STATS);
  const states = [
    { ...DEFAULT_STATS, metric: 'tokens', mode: 'running', stack: 'user', by: 'week', costBy: 'project' },
    { ...DEFAULT_STATS, compare: { with: 'last_year', byWeekday: true } },
    { ...DEFAULT_STATS, compare: { with: 'custom', from: '2026-01-01', to: '2026-02-01' } },
    { ...DEFAULT_STATS, compare: { with: 'none' } },
  ] as const;
  for (const state of states) {
    const text = stringifySearch(searchFromUsage(state));
    expect(usageFromSearch(parseSearch(text))).toEqual(state);
  }
});

test('what makes no sense falls back to the default', () => {
  const nonsense = {
    metric: 'love',
    show: '1',
    stack: 'colour',
    by: 'century',
    cost_by: '',
    compare: 'custom',
  };
  expect(usageFromSearch(nonsense)).toEqual(DEFAULT_STATS);
  expect(
    usageFromSearch({ compare: 'custom', compare_from: '2026-02-01', compare_to: '2026-01-01' }),
  ).toEqual(DEFAULT_STATS);
  expect(
    eventsFromSearch({
      sort: 'colour',
      rows: '7',
      page: '-1',
      cursor: 'x',
      columns: 'nothing',
      receipt: '%',
    }),
  ).toEqual(DEFAULT_EVENTS);
});

test('the log survives its address, whatever an event is called', () => {
  expect(searchFromEvents(DEFAULT_EVENTS)).toEqual({});
  const state = {
    sort: '-latencyMs',
    pageSize: 100 as const,
    page: 7,
    cursor: 'abc_-=',
    fields: ['date', 'cost', 'id'] as const,
    receipt: { source: 'a/b', id: '50 % & "more"/?#' },
  };
  const text = stringifySearch(searchFromEvents({ ...state, fields: [...state.fields] }));
  expect(eventsFromSearch(parseSearch(text))).toEqual(state);
});

test('the tenant of the path is not written behind it again', () => {
  expect(pathTenant('/dashboard/acme/usage')).toBe('acme');
  expect(pathTenant('/log')).toBeUndefined();
  expect(pathTenant('/dashboard/%/usage')).toBeUndefined();
  const view = { range: { preset: '7d' as const }, tenant: 'acme', filters: {} };
  expect(withoutPathTenant('/dashboard/acme/usage', view)).toEqual({ range: { preset: '7d' }, filters: {} });
  expect(withoutPathTenant('/log', view)).toBe(view);
});
