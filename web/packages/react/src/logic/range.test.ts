import { expect, test } from 'vitest';
import {
  addDays,
  cleanFilters,
  customRange,
  daysBetween,
  granularityOf,
  isDay,
  isRange,
  sameView,
  spanOf,
  toggleFilter,
} from './range.ts';

test('a day must exist in the calendar', () => {
  expect(isDay('2024-02-29')).toBe(true);
  for (const text of ['2026-02-29', '2026-13-01', '1999-12-31', '2026-1-1', 20261122, undefined]) {
    expect(isDay(text)).toBe(false);
  }
});

test('days are counted over months and over the change to summer time', () => {
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
});

test('both days of a custom range are meant, so the end lies one day later', () => {
  expect(customRange('2026-11-01', '2026-11-10')).toEqual({
    range: { from: '2026-11-01', to: '2026-11-11' },
  });
  expect(customRange('2026-11-01', '2026-11-01')).toEqual({
    range: { from: '2026-11-01', to: '2026-11-02' },
  });
});

test('a custom range that makes no sense says which field and why', () => {
  expect(customRange('', '2026-11-10')).toMatchObject({ field: 'first' });
  expect(customRange('2026-11-10', '')).toMatchObject({ field: 'last' });
  expect(customRange('2026-11-10', '2026-11-09')).toMatchObject({
    problem: 'The last day is before the first.',
  });
  expect(customRange('2025-01-01', '2026-01-01')).toHaveProperty('range');
  expect(customRange('2025-01-01', '2026-01-02')).toMatchObject({
    problem: 'At most 366 days can be shown at once.',
  });
});

test('an address with a reversed or endless range is not taken', () => {
  expect(isRange({ from: '2026-11-01', to: '2026-11-02' })).toBe(true);
  expect(isRange({ from: '2026-11-02', to: '2026-11-02' })).toBe(false);
  expect(isRange({ from: '2020-01-01', to: '2026-11-02' })).toBe(false);
});

test('the longer the range, the coarser the bars', () => {
  expect(granularityOf({ preset: 'today' })).toBe('hour');
  expect(granularityOf({ preset: '90d' })).toBe('day');
  expect(granularityOf({ from: '2026-11-01', to: '2026-11-02' })).toBe('hour');
  expect(granularityOf({ from: '2026-08-01', to: '2026-11-01' })).toBe('day');
  expect(granularityOf({ from: '2026-01-01', to: '2026-11-01' })).toBe('week');
});

test('a view becomes the parameters of a question', () => {
  expect(spanOf({ range: { preset: '7d' }, filters: {} })).toEqual({ range: '7d' });
  expect(
    spanOf({
      range: { from: '2026-11-01', to: '2026-11-03' },
      tz: 'Asia/Kolkata',
      tenant: 'acme',
      filters: {},
    }),
  ).toEqual({ from: '2026-11-01', to: '2026-11-03', tz: 'Asia/Kolkata', tenant: 'acme' });
});

test('a filter is set by a click and taken away by a second one', () => {
  const one = toggleFilter({}, 'provider', 'openai');
  expect(one).toEqual({ provider: ['openai'] });
  expect(toggleFilter(one, 'provider', 'mistral')).toEqual({ provider: ['mistral'] });
  expect(toggleFilter(one, 'provider', 'openai')).toEqual({});
  expect(toggleFilter({}, 'project', '')).toEqual({ project: [''] });
});

test('empty filters make no difference', () => {
  expect(cleanFilters({ provider: [], model: ['x'] })).toEqual({ model: ['x'] });
  expect(
    sameView(
      { range: { preset: '7d' }, filters: { provider: [] } },
      { range: { preset: '7d' }, filters: {} },
    ),
  ).toBe(true);
  expect(
    sameView({ range: { preset: '7d' }, filters: {} }, { range: { preset: '7d' }, filters: {}, tz: 'UTC' }),
  ).toBe(false);
});
