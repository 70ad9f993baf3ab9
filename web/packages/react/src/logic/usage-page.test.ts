import type { Budget, CostExplanation, Price, UsageForecast } from '@meterwire/client';
import { expect, test } from 'vitest';
import { breakdown, logItem, overview, values } from '../testing/fixtures.ts';
import { comparingOf, compareText, daysBefore } from './compare.ts';
import { describeCostChange, stepsOf } from './costChange.ts';
import { drillOf, momentsOf, narrowed } from './drill.ts';
import { eventRows, fieldsFrom, pageSum } from './events.ts';
import { filterOptions, readSearch, withValue } from './filterSearch.ts';
import { budgetOf, courseOf, describeForecast, pastErrorText } from './forecast.ts';
import { addUsd, divideUsd, subtractUsd } from './money.ts';
import { priceChanges } from './priceChanges.ts';
import { describeRanking, rankedRows } from './ranking.ts';
import { pointsChange, successRate } from './success.ts';

test('amounts are added and shared without a float', () => {
  expect(addUsd(['0.1', '0.2', '0.000000001'])).toBe('0.300000001');
  expect(addUsd([])).toBe('0');
  expect(subtractUsd('0.1', '0.3')).toBe('-0.2');
  expect(divideUsd('1', 3)).toBe('0.333333333333');
  expect(divideUsd('1', 0)).toBeNull();
});

test('a bucket at the edge is cut by the range, and other filters stay', () => {
  const answer = { from: '2026-11-01T00:00:00Z', to: '2026-11-20T00:00:00Z', tz: 'UTC' };
  const week = { start: '2026-10-26T00:00:00Z', end: '2026-11-02T00:00:00Z' };
  const moments = momentsOf(week, answer);
  expect(moments).toEqual({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' });
  const view = { range: { preset: '30d' as const }, filters: { project: ['a'] }, tz: 'UTC' };
  const drill = narrowed(drillOf(view, answer, moments), 'model', ['gpt-4o']);
  expect(drill).toEqual({
    range: { from: '2026-11-01', to: '2026-11-02' },
    filters: { project: ['a'], model: ['gpt-4o'] },
    tz: 'UTC',
  });
});

test('comparisons are asked as the server reads them', () => {
  expect(comparingOf({ with: 'none' })).toEqual({});
  expect(comparingOf({ with: 'last_year', byWeekday: true })).toEqual({
    compare: 'last_year',
    match: 'weekday',
  });
  expect(comparingOf({ with: 'custom', from: '2026-01-01', to: '2026-02-01' })).toEqual({
    compare: 'custom',
    compare_from: '2026-01-01',
    compare_to: '2026-02-01',
  });
  expect(compareText({ with: 'previous', byWeekday: true })).toBe('Previous period, by weekday');
  expect(daysBefore({ from: '2026-11-10', to: '2026-11-13' })).toEqual({
    first: '2026-11-07',
    last: '2026-11-09',
  });
});

test('the search finds values, and takes a named one as it is', () => {
  const known = { model: breakdown(), user: breakdown({ groups: [] }) };
  expect(filterOptions('open', known, {}).map(({ value }) => value)).toEqual(['openai']);
  expect(filterOptions('(no', known, {}).map(({ value }) => value)).toEqual(['']);
  expect(readSearch('api key: prod 1')).toEqual({ dimension: 'api_key', words: 'prod 1' });
  expect(readSearch('https://x')).toEqual({ dimension: null, words: 'https://x' });
  const [typed] = filterOptions('user:u-42', known, {});
  expect(typed).toEqual({ dimension: 'user', value: 'u-42', calls: null, chosen: false });
  const one = withValue({ user: ['u-1'] }, { dimension: 'user', value: 'u-42', calls: null, chosen: false });
  expect(one).toEqual({ user: ['u-1', 'u-42'] });
  expect(withValue(one, { dimension: 'user', value: 'u-1', calls: 1, chosen: true })).toEqual({
    user: ['u-42'],
  });
});

test('a row of the log is exact, and a page adds up', () => {
  const items = [
    logItem({ cost: 0.1 }),
    logItem({ id: 'b', cost: 0.200000001 }),
    logItem({ id: 'c', priced: false, cost: null, status: 429 }),
  ];
  const rows = eventRows(items, 'UTC', new Date('2026-11-20T00:00:00Z'));
  expect(rows.map(({ cells }) => cells.cost.text)).toEqual(['$0.100000000', '$0.200000001', 'No price']);
  expect(rows[2]?.cells.status).toMatchObject({ text: '429', tone: 'bad', filter: { value: '429' } });
  expect(pageSum(items)).toEqual({ tokens: 4500, cost: '0.300000001', unpriced: 1 });
  expect(fieldsFrom(['cost', 'nothing', 'date'])).toEqual(['date', 'cost']);
  expect(fieldsFrom(['nothing'])).toContain('model');
});

const explanation = {
  tz: 'UTC',
  cost_usd: '42.3',
  compared_cost_usd: '30',
  difference_usd: '12.3',
  effects: { price_usd: '3', volume_usd: '10', mix_usd: '-0.7' },
} as CostExplanation;

test('a change is told largest first, and each step begins where the one above ends', () => {
  expect(describeCostChange(explanation)).toBe(
    'Cost rose by $12.30, from $30.00 to $42.30: volume +$10.00, price +$3.00, mix of models −$0.70.',
  );
  const steps = stepsOf(explanation);
  expect(steps.map(({ key }) => key)).toEqual(['before', 'price', 'volume', 'mix', 'now']);
  expect(steps[1]?.start).toBeCloseTo(steps[0]?.end ?? 0);
  expect(steps[2]?.start).toBeCloseTo(steps[1]?.end ?? 0);
  expect(steps[3]?.end).toBeCloseTo(steps[2]?.end ?? 0);
  expect(steps[3]?.start).toBeCloseTo(steps[4]?.end ?? 0);
  expect(steps[3]?.direction).toBe('down');
});

const forecast = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-05T00:00:00Z',
  tz: 'UTC',
  unit: 'usd',
  method: 'flat',
  reason: '',
  actual_to_date: '3.5',
  forecast: { mean: '8', low_80: '7', high_80: '9', low_95: '6', high_95: '10' },
  backtest: {
    folds: 12,
    horizon_days: 4,
    mean_absolute_percentage_error: 7.25,
    weighted_absolute_percentage_error: null,
    coverage_80: 83,
    coverage_95: 100,
  },
  days: [
    { date: '2026-11-01', actual: '2', mean: null },
    { date: '2026-11-02', actual: '1.5', mean: '2.5' },
    { date: '2026-11-03', actual: null, mean: '2' },
    { date: '2026-11-04', actual: null, mean: '2' },
  ],
} as unknown as UsageForecast;

const budget = (part: object) =>
  ({
    name: 'Monthly budget',
    amount_usd: '8.50',
    scope: {},
    current: { from: '2026-11-01T00:00:00Z', to: '2026-11-05T00:00:00Z' },
    ...part,
  }) as unknown as Budget;

test('the course of a forecast ends at what is expected of the whole', () => {
  const course = courseOf(forecast);
  expect(course.map(({ actual }) => actual)).toEqual([2, 3.5, null, null]);
  expect(course.at(-1)?.expected).toBeCloseTo(8);
  expect(course[0]?.expected).toBeNull();
});

test('a forecast is told with its bounds, its budget and its past', () => {
  expect(describeForecast(forecast, budget({}))).toBe(
    '$8.00 expected for 1–4 Nov 2026, with 80 % of probability between $7.00 and $9.00; $3.50 so far. It may pass the budget Monthly budget of $8.50.',
  );
  expect(describeForecast(forecast, budget({ amount_usd: '6' }))).toContain('It will very likely pass');
  expect(describeForecast(forecast, budget({ amount_usd: '3' }))).toContain('It is over');
  expect(describeForecast(forecast, budget({ amount_usd: '20' }))).toContain('It stays within');
  expect(pastErrorText(forecast)).toBe(
    '12 forecasts of the past, 4 days ahead, missed by 7.3 % on average; 83 % lay within their 80 % bounds.',
  );
});

test('only the budget of exactly what is shown is drawn, the tightest of them', () => {
  const scoped = budget({ scope: { project: 'a' }, amount_usd: '5' });
  const tight = budget({ amount_usd: '7' });
  const other = budget({
    current: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
    amount_usd: '1',
  });
  expect(budgetOf([budget({}), scoped, tight, other], {}, forecast)).toBe(tight);
  expect(budgetOf([budget({}), scoped], { project: ['a'] }, forecast)).toBe(scoped);
  expect(budgetOf([scoped], { project: ['a', 'b'] }, forecast)).toBeNull();
});

test('a price that began within the range is a change, the first price of all is none', () => {
  const price = (part: Partial<Price>): Price => ({
    id: 'p',
    provider: 'openai',
    model: 'gpt-4o',
    source: 'book',
    valid_from: null,
    valid_to: null,
    input: '5',
    output: '15',
    ...part,
  });
  const changed = price({ id: 'q', valid_from: '2026-11-17T00:00:00Z', input: '2.5' });
  expect(priceChanges([price({}), changed], overview())).toEqual([
    {
      bar: 1,
      text: 'gpt-4o (openai): new price from 17 Nov 2026, input $5.00 → $2.50, output $15.00 a million tokens',
    },
  ]);
  expect(priceChanges([changed], overview())).toEqual([]);
  expect(priceChanges([{ ...changed, source: 'override' }], overview())).toHaveLength(1);
  expect(priceChanges([price({}), { ...changed, valid_from: '2027-01-01T00:00:00Z' }], overview())).toEqual(
    [],
  );
});

test('a ranking leaves out what has nothing, and says what has no price', () => {
  const rows = rankedRows(breakdown(), 'cost');
  expect(rows.map(({ name, text, share }) => [name, text, share])).toEqual([
    ['openai', '$1.2000', '97.2 %'],
    ['(none)', '$0.0346', '2.8 %'],
    ['Other', 'No price', '0.0 %'],
  ]);
  expect(describeRanking(breakdown(), rows, 'cost', 'model')).toContain('openai has 97.2 % of $1.23,');
  expect(describeRanking(breakdown({ groups: [] }), [], 'calls', 'model')).toBe(
    'No model has any calls in this range.',
  );
});

test('a rate moves in points', () => {
  expect(successRate(values({ calls: 8, errors: 1 }))).toBe('87.5 %');
  expect(successRate(values())).toBe('–');
  expect(pointsChange(values({ calls: 4, errors: 1 }), values({ calls: 4 }))).toEqual({
    direction: 'down',
    text: '25.0 points',
  });
  expect(pointsChange(values({ calls: 4 }), values())).toBeNull();
});
