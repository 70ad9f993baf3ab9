import { expect, test } from 'vitest';
import {
  axisLabel,
  bucketLabel,
  comparedSpan,
  dayInZone,
  daySpan,
  instantInZone,
  instantSpan,
  isPartial,
  weekEndingWith,
} from './dates.ts';

test('labels are read as wall time, whatever zone the browser is in', () => {
  expect(axisLabel('2026-11-16', 'day')).toBe('16 Nov');
  expect(axisLabel('2026-11-16T10:00', 'hour')).toBe('10:00');
  expect(axisLabel('2026-11', 'month')).toBe('Nov 2026');
  expect(bucketLabel('2026-11-16', 'day')).toBe('Mon 16 Nov 2026');
  expect(bucketLabel('2026-11-16', 'day', '2026')).toBe('Mon 16 Nov');
  expect(bucketLabel('2026-11-16T10:00', 'hour', '2026')).toBe('Mon 16 Nov, 10:00');
  expect(bucketLabel('2026-11-16', 'week')).toBe('Week of 16 Nov 2026');
});

test('a span of days is written as short as it is clear', () => {
  expect(daySpan('2026-11-10', '2026-11-16')).toBe('10–16 Nov 2026');
  expect(daySpan('2026-10-30', '2026-11-02')).toBe('30 Oct – 2 Nov 2026');
  expect(daySpan('2025-12-30', '2026-01-02')).toBe('30 Dec 2025 – 2 Jan 2026');
  expect(daySpan('2026-11-16', '2026-11-16')).toBe('16 Nov 2026');
});

test('the end of a span is not included, and days are those of the zone', () => {
  expect(instantSpan('2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', 'UTC')).toBe('16–22 Nov 2026');
  expect(instantSpan('2026-11-15T18:30:00Z', '2026-11-16T18:30:00Z', 'Asia/Kolkata')).toBe('16 Nov 2026');
});

test('an instant is shown as a clock of the zone would', () => {
  expect(instantInZone('2026-11-16T23:30:05Z', 'Europe/Berlin')).toBe('17 Nov 2026, 00:30:05');
  expect(instantInZone('2026-11-16T23:30:05Z', 'UTC', '2026')).toBe('16 Nov, 23:30:05');
  expect(dayInZone('2026-11-16T02:00:00Z', 'America/New_York')).toBe('2026-11-15');
});

test('a period that was cut at the present moment says until when', () => {
  const whole = { from: '2026-11-09T00:00:00Z', to: '2026-11-16T00:00:00Z' };
  expect(comparedSpan(whole, 'UTC', '2026')).toBe('9–15 Nov');
  const cut = { from: '2026-11-09T00:00:00Z', to: '2026-11-15T10:30:05Z' };
  expect(comparedSpan(cut, 'UTC', '2026')).toBe('9–15 Nov until 10:30');
  expect(comparedSpan(cut, 'UTC', '2027')).toBe('9–15 Nov 2026 until 10:30');
});

test('only the bucket that holds the present is still filling', () => {
  const bucket = { start: '2026-11-16T00:00:00Z', end: '2026-11-17T00:00:00Z', label: '2026-11-16' };
  expect(isPartial(bucket, '2026-11-16T10:00:00Z')).toBe(true);
  expect(isPartial(bucket, '2026-11-17T00:00:00Z')).toBe(false);
  expect(isPartial(bucket, '2026-11-15T23:59:59Z')).toBe(false);
});

test('the week that ends with a day has seven days', () => {
  expect(weekEndingWith('2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-03' });
});
