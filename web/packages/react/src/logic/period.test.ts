import { expect, test } from 'vitest';
import {
  daysOf,
  daysShown,
  isRunning,
  momentSpan,
  periodOf,
  rangeOfInstants,
  rangeText,
  shiftRange,
} from './period.ts';
import { granularityOf, isInstant, isRange, type RangeChoice } from './range.ts';

const TODAY = '2026-11-22';
const NOW = new Date('2026-11-22T10:30:00Z');
const shift = (range: RangeChoice, step: -1 | 1) => shiftRange(range, step, TODAY, NOW);

test('named ranges are the days that the server means', () => {
  expect(daysOf('today', TODAY)).toEqual({ from: '2026-11-22', to: '2026-11-23' });
  expect(daysOf('this_week', TODAY)).toEqual({ from: '2026-11-16', to: '2026-11-23' });
  expect(daysOf('this_month', TODAY)).toEqual({ from: '2026-11-01', to: '2026-12-01' });
  expect(daysOf('last_month', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2026-01-01' });
  expect(daysOf('this_year', TODAY)).toEqual({ from: '2026-01-01', to: '2027-01-01' });
  expect(daysOf('7d', TODAY)).toEqual({ from: '2026-11-16', to: '2026-11-23' });
});

test('a calendar period moves to its neighbour, whatever its length', () => {
  expect(shift({ preset: 'this_month' }, -1)).toEqual({ preset: 'last_month' });
  expect(shift({ preset: 'last_month' }, -1)).toEqual({ from: '2026-09-01', to: '2026-10-01' });
  expect(shift({ from: '2024-03-01', to: '2024-04-01' }, -1)).toEqual({
    from: '2024-02-01',
    to: '2024-03-01',
  });
  expect(shift({ preset: 'this_year' }, -1)).toEqual({ from: '2025-01-01', to: '2026-01-01' });
  expect(shift({ from: '2025-01-01', to: '2026-01-01' }, 1)).toEqual({ preset: 'this_year' });
  expect(shift({ from: '2026-11-09', to: '2026-11-16' }, 1)).toEqual({ preset: 'this_week' });
});

test('other ranges move by their own length, and nothing moves beyond now', () => {
  expect(shift({ preset: '30d' }, -1)).toEqual({ from: '2026-09-24', to: '2026-10-24' });
  expect(shift({ from: '2026-10-01', to: '2026-10-04' }, 1)).toEqual({
    from: '2026-10-04',
    to: '2026-10-07',
  });
  expect(shift({ preset: 'today' }, 1)).toBeNull();
  expect(shift({ preset: 'this_month' }, 1)).toBeNull();
  const hours = { from: '2026-11-22T08:00:00Z', to: '2026-11-22T10:00:00Z' };
  expect(shift(hours, -1)).toEqual({ from: '2026-11-22T06:00:00Z', to: '2026-11-22T08:00:00Z' });
  expect(shift(hours, 1)).toEqual({ from: '2026-11-22T10:00:00Z', to: '2026-11-22T12:00:00Z' });
  expect(shift({ from: '2026-11-22T10:00:00Z', to: '2026-11-22T12:00:00Z' }, 1)).toBeNull();
});

test('back and forth again is where it began', () => {
  for (const preset of ['today', 'this_week', 'this_month', 'this_year'] as const) {
    const before = shift({ preset }, -1);
    expect(before && shift(before, 1)).toEqual({ preset });
  }
});

test('a period is known by its days', () => {
  expect(periodOf({ from: '2026-09-01', to: '2026-10-01' }, TODAY)).toBe('this_month');
  expect(periodOf({ preset: '7d' }, TODAY)).toBe('this_week');
  expect(periodOf({ preset: '7d' }, '2026-11-20')).toBeNull();
  expect(periodOf({ preset: 'last_month' }, TODAY)).toBe('this_month');
});

test('instants that are midnights of the zone are days', () => {
  const tz = 'Asia/Kathmandu';
  expect(rangeOfInstants('2026-11-15T18:15:00Z', '2026-11-16T18:15:00Z', tz)).toEqual({
    from: '2026-11-16',
    to: '2026-11-17',
  });
  const hour = { from: '2026-11-16T04:15:00Z', to: '2026-11-16T05:15:00Z' };
  expect(rangeOfInstants(hour.from, hour.to, tz)).toEqual(hour);
  expect(rangeText(hour, tz)).toBe('16 Nov 2026, 10:00 – 11:00');
  expect(rangeText({ preset: 'this_week' }, tz)).toBe('This week');
  expect(momentSpan('2026-11-15T18:15:00Z', '2026-11-17T18:15:00Z', tz)).toBe('16–17 Nov 2026');
  expect(daysShown(hour, tz, TODAY)).toEqual({ from: '2026-11-16', to: '2026-11-17' });
});

test('running is what has begun and is not over', () => {
  expect(isRunning({ preset: 'this_month' }, TODAY, NOW)).toBe(true);
  expect(isRunning({ preset: 'last_month' }, TODAY, NOW)).toBe(false);
  expect(isRunning({ from: '2026-11-20', to: '2026-11-22' }, TODAY, NOW)).toBe(false);
  expect(isRunning({ from: '2026-11-23', to: '2026-11-25' }, TODAY, NOW)).toBe(false);
});

test('a range may be of moments, and its bars fit it', () => {
  expect(isInstant('2026-11-16T04:15:00Z')).toBe(true);
  expect(isInstant('2026-11-31T04:15:00Z')).toBe(false);
  expect(isInstant('2026-11-16T04:15')).toBe(false);
  expect(isRange({ from: '2026-11-16T04:15:00Z', to: '2026-11-16T05:15:00Z' })).toBe(true);
  expect(isRange({ from: '2026-11-16T04:15:00Z', to: '2026-11-17' })).toBe(false);
  expect(isRange({ from: '2026-11-16T05:15:00Z', to: '2026-11-16T04:15:00Z' })).toBe(false);
  expect(granularityOf({ from: '2026-11-16T04:15:00Z', to: '2026-11-16T05:15:00Z' })).toBe('15m');
  expect(granularityOf({ from: '2026-11-16T04:15:00Z', to: '2026-11-17T04:15:00Z' })).toBe('hour');
});
