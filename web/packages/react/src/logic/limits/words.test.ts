import { expect, test } from 'vitest';
import {
  durationText,
  exactAmount,
  limitText,
  metricLabel,
  percentageOf,
  percentText,
  resetWords,
  shownAmount,
  toneOf,
  unitBeside,
} from './words.ts';

test('a metric is named as a person would', () => {
  expect(metricLabel('api_calls')).toBe('API calls');
  expect(metricLabel('compute_hours')).toBe('Compute hours');
  expect(metricLabel('gpu_minutes')).toBe('GPU minutes');
  expect(metricLabel('cost_usd')).toBe('Cost');
});

test('amounts keep every digit, money has its sign, bytes their size', () => {
  expect(exactAmount('compute_hours', 1234.567891)).toBe('1,234.567891');
  expect(exactAmount('cost_usd', 0.000000001)).toBe('$0.000000001');
  expect(shownAmount('cost_usd', 12.345678, null)).toBe('$12.35');
  expect(shownAmount('storage', 1536, 'bytes')).toBe('1.5 KiB');
  expect(shownAmount('storage', 1023, 'bytes')).toBe('1,023 bytes');
  expect(shownAmount('storage', 5 * 1024 ** 3, 'bytes')).toBe('5 GiB');
  expect(limitText('deployments', null)).toBe('Unlimited');
  expect(limitText('deployments', 0)).toBe('0');
});

test('a unit is said only where the name does not say it', () => {
  expect(unitBeside('compute_hours', 'hours')).toBe('');
  expect(unitBeside('builds', 'runs')).toBe('runs');
  expect(unitBeside('storage', 'bytes')).toBe('');
  expect(unitBeside('cost_usd', 'usd')).toBe('');
});

test('near from four fifths, full from all of it, and a limit of zero is full', () => {
  expect([79.9, 80, 99.99, 100, 140].map(toneOf)).toEqual(['calm', 'near', 'near', 'full', 'full']);
  expect(toneOf(null)).toBe('calm');
  expect(percentageOf({ percentage: null, limit: 0 })).toBe(100);
  expect(percentageOf({ percentage: null, limit: null })).toBeNull();
});

test('a share is never rounded to full or to nothing', () => {
  expect([0, 0.01, 70, 99.96, 100, 150].map(percentText)).toEqual([
    '0 %',
    '< 0.1 %',
    '70 %',
    '99.9 %',
    '100 %',
    '150 %',
  ]);
});

test('when it starts again is said in words and in the zone', () => {
  const now = new Date('2026-11-22T17:30:00Z');
  expect(resetWords('2026-11-23T00:00:00Z', 'UTC', now)).toEqual({
    left: 'Resets in 6 h 30 min',
    moment: '23 Nov, 00:00 (UTC)',
  });
  expect(resetWords('2026-11-22T23:00:00Z', 'Europe/Berlin', now)).toEqual({
    left: 'Resets in 5 h 30 min',
    moment: '23 Nov, 00:00 (Europe/Berlin)',
  });
  expect(resetWords('2026-11-22T17:30:00Z', 'UTC', now).left).toBe('Resets now');
  expect(resetWords(null, 'UTC', now)).toEqual({ left: 'A level: it is not reset', moment: '' });
});

test('durations have at most two parts', () => {
  const minutes = (count: number) => durationText(count * 60_000);
  expect([0.5, 59, 60, 61, 24 * 60, 27 * 60 + 5, 3 * 24 * 60].map(minutes)).toEqual([
    'less than a minute',
    '59 min',
    '1 h',
    '1 h 1 min',
    '1 day',
    '1 day 3 h',
    '3 days',
  ]);
});
