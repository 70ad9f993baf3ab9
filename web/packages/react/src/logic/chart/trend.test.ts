import type { UsageAnswer } from '@meterwire/client';
import { expect, test } from 'vitest';
import { overview, values } from '../../testing/fixtures.ts';
import { valueScale } from './scale.ts';
import { cumulated, granularitiesOf, layersOf, stackEdges, trendOf } from './trend.ts';

const money = (...amounts: string[]) => amounts.map((cost_usd) => values({ calls: 1, cost_usd }));

function stacked(): UsageAnswer {
  return overview({
    group_by: ['model'],
    series: money('3', '3.000000001', '1'),
    groups: [
      { key: ['gpt-4o'], other: false, total: values({ cost_usd: '5' }), series: money('2', '2', '1') },
      {
        key: [null],
        other: false,
        total: values({ cost_usd: '1.000000001' }),
        series: money('1', '0.000000001', '0'),
      },
      { key: [], other: true, total: values({ cost_usd: '1' }), series: money('0', '1', '0') },
    ],
  });
}

test('running totals add up to the last nano-dollar', () => {
  const sums = cumulated(money('0.1', '0.2', '0.000000001'));
  expect(sums.map(({ cost_usd }) => cost_usd)).toEqual(['0.1', '0.3', '0.300000001']);
  expect(sums.at(-1)?.calls).toBe(3);
});

test('parts are named, the rest is the rest, and running up ends at the whole', () => {
  const trend = trendOf(stacked(), 'each');
  expect(trend.dimension).toBe('model');
  expect(trend.series.map(({ name, value, look }) => [name, value, look])).toEqual([
    ['gpt-4o', 'gpt-4o', 0],
    ['(none)', '', 1],
    ['Other', null, 5],
  ]);
  const running = trendOf(stacked(), 'running');
  expect(running.whole.at(-1)?.cost_usd).toBe('7.000000001');
  expect(running.series.map(({ values: all }) => all.at(-1)?.cost_usd)).toEqual(['5', '1.000000001', '1']);
});

test('bars that have not begun are not drawn as nothing', () => {
  const trend = trendOf(overview({ as_of: '2026-11-17T10:00:00Z' }), 'each');
  expect(trend.buckets).toHaveLength(3);
  expect(trend.whole).toHaveLength(2);
});

test('each part stands on the one below, and a layer is one path', () => {
  const trend = trendOf(stacked(), 'each');
  const plot = { left: 0, top: 0, width: 300, height: 100 };
  const edges = stackEdges(trend, 'cost', valueScale(4, 4, false), plot);
  expect(edges[0]?.map(({ bottom, top }) => [bottom, top])).toEqual([
    [100, 50],
    [50, 25],
    [25, 25],
  ]);
  const places = [0, 1, 2].map((at) => ({
    x: at * 100,
    width: 60,
    center: at * 100 + 30,
    hitX: at * 100,
    hitWidth: 100,
  }));
  const layers = layersOf(edges, places, 3, 2);
  expect(layers[0]?.path.match(/M/g)).toHaveLength(2);
  expect(layers[0]?.partialPath).toMatch(/^M200/);
  expect(layers[2]?.path.match(/M/g)).toHaveLength(1);
});

test('a year of five parts is laid out in a few milliseconds', () => {
  const days = Array.from({ length: 365 }, (_, at) => {
    const start = new Date(Date.UTC(2025, 0, 1 + at)).toISOString();
    return { start, end: new Date(Date.UTC(2025, 0, 2 + at)).toISOString(), label: start.slice(0, 10) };
  });
  const series = days.map((_, at) => values({ cost_usd: `${at % 17}.5` }));
  const answer = overview({
    group_by: ['model'],
    buckets: days,
    series,
    groups: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      key: [name],
      other: false,
      total: values({ cost_usd: '1' }),
      series,
    })),
  });
  const plot = { left: 0, top: 0, width: 1400, height: 240 };
  const places = days.map((_, at) => ({
    x: at * 4,
    width: 3,
    center: at * 4 + 1.5,
    hitX: at * 4,
    hitWidth: 4,
  }));
  const begun = performance.now();
  const trend = trendOf(answer, 'each');
  const layers = layersOf(stackEdges(trend, 'cost', valueScale(100, 4, false), plot), places, 5, null);
  expect(performance.now() - begun).toBeLessThan(50);
  expect(layers).toHaveLength(5);
});

test('only widths of bars that make sense for the range are offered', () => {
  expect(granularitiesOf({ preset: 'today' })).toEqual(['hour', '15m']);
  expect(granularitiesOf({ preset: 'this_month' })).toEqual(['day', 'week']);
  expect(granularitiesOf({ preset: 'this_year' })).toEqual(['week', 'day', 'month']);
  expect(granularitiesOf({ from: '2026-11-16T04:00:00Z', to: '2026-11-16T05:00:00Z' })).toEqual(['15m']);
});
