import { MeterwireError } from '@meterwire/client';
import { expect, test } from 'vitest';
import { breakdown, logItem, overview, values } from '../testing/fixtures.ts';
import { adviceFor } from './advice.ts';
import { breakdownRows } from './breakdown.ts';
import { describeBreakdown, describeOverTime } from './chart/describe.ts';
import { firstEventCurl } from './curl.ts';
import { isSort, LOG_COLUMNS, logRows, nextSort, pageCount, pageText, sortDirection } from './log.ts';
import { exactColumn, shownValue, spokenValue, tickFormatter } from './metric.ts';
import { countOf, formatCompact, formatMilliseconds, formatShare } from './number.ts';
import { isZone, searchZones, zoneLabel } from './zones.ts';

test('calls without a price are never a silent zero', () => {
  const none = shownValue(values({ cost_usd: '0', unpriced_calls: 3 }), 'cost');
  expect(none).toMatchObject({ text: 'No price', unknown: true, unpricedCalls: 3 });
  expect(spokenValue(values({ cost_usd: '0', unpriced_calls: 3 }), 'cost')).toBe('3 calls without a price');
  expect(spokenValue(values({ cost_usd: '0.5', unpriced_calls: 1 }), 'cost')).toBe(
    '$0.50 and 1 call without a price',
  );
  expect(shownValue(values({ cost_usd: '0' }), 'cost')).toMatchObject({ text: '$0.00', unknown: false });
});

test('a column of money has its points under each other', () => {
  const all = [values({ cost_usd: '0.2' }), values({ cost_usd: '1.234567' })];
  expect(all.map(exactColumn(all, 'cost'))).toEqual(['$0.200000', '$1.234567']);
});

test('ticks of one axis look alike', () => {
  expect([0, 0.2, 0.4].map(tickFormatter('cost', 0.2))).toEqual(['$0', '$0.20', '$0.40']);
  expect([0, 0.005].map(tickFormatter('cost', 0.005))).toEqual(['$0', '$0.005']);
  expect(tickFormatter('cost', 5000)(15_000)).toBe('$15K');
  expect(tickFormatter('calls', 500)(1500)).toBe('1.5K');
});

test('shares never round to a false zero or a false whole', () => {
  expect(formatShare(1, 3)).toBe('33.3 %');
  expect(formatShare(1, 1_000_000)).toBe('< 0.1 %');
  expect(formatShare(999_999, 1_000_000)).toBe('> 99.9 %');
  expect(formatShare(5, 5)).toBe('100.0 %');
  expect(formatShare(0, 0)).toBe('0 %');
});

test('numbers are grouped, shortened and given their unit', () => {
  expect(countOf(1, 'call')).toBe('1 call');
  expect(countOf(1234, 'call')).toBe('1,234 calls');
  expect(formatCompact(14_164_300)).toBe('14.2M');
  expect(formatMilliseconds(812)).toBe('812 ms');
  expect(formatMilliseconds(3449)).toBe('3.4 s');
});

test('a breakdown keeps order, names what has none, and cannot filter by the rest', () => {
  expect(breakdownRows(breakdown()).map(({ name, value, shareText }) => [name, value, shareText])).toEqual([
    ['openai', 'openai', '75.0 %'],
    ['(none)', '', '20.0 %'],
    ['Other', null, '5.0 %'],
  ]);
});

test('one sentence says what the chart shows', () => {
  const { total, buckets, series } = overview();
  expect(describeOverTime('calls', 'day', total, buckets, series)).toBe(
    '60 calls over 3 days, most on Tue 17 Nov 2026 (30).',
  );
  expect(describeOverTime('cost', 'day', total, buckets, series)).toBe(
    '$1.23 over 3 days, most on Tue 17 Nov 2026 ($0.90). 3 calls without a price are not in it.',
  );
  expect(describeOverTime('errors', 'day', values(), buckets, [values(), values(), values()])).toBe(
    '0 errors over 3 days.',
  );
  const rows = breakdownRows(breakdown());
  expect(describeBreakdown('provider', rows, '6,000 tokens')).toBe(
    'openai has 75.0 % of 6,000 tokens, followed by (none) with 20.0 %.',
  );
  expect(describeBreakdown('provider', rows.slice(0, 1), '9 tokens')).toBe('openai used all of 9 tokens.');
});

test('a log row is written in the zone, with costs of equal decimals and no false price', () => {
  const items = [
    logItem({ cost: 0.006 }),
    logItem({ id: 'b', cost: 0.00042 }),
    logItem({ id: 'c', cost: null, priced: false, status: 429, latencyMs: null, projectName: null }),
  ];
  const rows = logRows(items, 'Europe/Berlin', new Date('2026-11-20T00:00:00Z'));
  expect(rows.map(({ cost }) => cost?.text)).toEqual(['$0.00600', '$0.00042', undefined]);
  expect(rows[0]).toMatchObject({
    date: '16 Nov, 11:30:05',
    total: '1,500',
    latency: '812 ms',
    failed: false,
  });
  expect(rows[2]).toMatchObject({ project: '–', latency: '–', status: '429', failed: true });
});

test('a first click sorts numbers from the largest and names from A, a second turns it round', () => {
  const column = (field: string) => LOG_COLUMNS.find((one) => one.field === field) ?? LOG_COLUMNS[0];
  expect(nextSort('-date', column('cost'))).toBe('-cost');
  expect(nextSort('-cost', column('cost'))).toBe('cost');
  expect(nextSort('-date', column('model'))).toBe('model');
  expect(nextSort('model', column('model'))).toBe('-model');
  expect(sortDirection('-cost', 'cost')).toBe('descending');
  expect(sortDirection('-cost', 'model')).toBe('none');
  expect(isSort('-totalTokens')).toBe(true);
  expect(isSort('password')).toBe(false);
});

test('the pager says which rows are shown', () => {
  expect(pageText(1, 25, 1234)).toBe('1–25 of 1,234');
  expect(pageText(50, 25, 1234)).toBe('1,226–1,234 of 1,234');
  expect(pageText(99, 25, 30)).toBe('page 99 of 2');
  expect(pageCount(0, 25)).toBe(1);
});

test('the first event is a command that a shell can run', () => {
  const command = firstEventCurl({
    origin: 'http://127.0.0.1:8000',
    tenant: 'ac me',
    now: new Date('2026-11-22T10:30:00.123Z'),
  });
  expect(command).toContain("curl 'http://127.0.0.1:8000/api/v1/events?tenant=ac%20me'");
  expect(command).toContain('"Authorization: Bearer $METERWIRE_KEY"');
  const body = /-d '([^']+)'/s.exec(command)?.[1] ?? '';
  expect(JSON.parse(body)).toMatchObject({ time: '2026-11-22T10:30:00Z', usage: { input_tokens: 1200 } });
});

test('every error says what to do', () => {
  const error = (status: number, code = 'x') =>
    adviceFor(new MeterwireError({ status, code, title: 'T', message: 'M.', requestId: 'req-1' }));
  expect(error(0, 'unreachable').todo).toContain('server is running');
  expect(error(401).todo).toContain('Sign in');
  expect(error(403).canRetry).toBe(false);
  expect(error(500)).toMatchObject({ canRetry: true, reference: 'x · req-1' });
  expect(adviceFor(new TypeError('boom'))).toMatchObject({ message: 'boom', canRetry: true });
});

test('zones are found by any part of their name', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'America/North_Dakota/New_Salem',
    'Europe/Berlin',
    'Asia/Kolkata',
  ];
  expect(searchZones(zones, 'new york')).toEqual(['America/New_York']);
  expect(searchZones(zones, 'BERL')).toEqual(['Europe/Berlin']);
  expect(searchZones(zones, '')).toEqual(zones);
  expect(searchZones(zones, 'atlantis')).toEqual([]);
  expect(zoneLabel('America/New_York')).toBe('America / New York');
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Mars/Base')).toBe(false);
});
