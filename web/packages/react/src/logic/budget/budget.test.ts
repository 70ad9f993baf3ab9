import { expect, test } from 'vitest';
import { BUDGETS, budget } from '../../testing/moneyFixtures.ts';
import { familyOf } from './family.ts';
import { changedBudget, draftOf, readAmount, readBudget } from './input.ts';
import {
  levelText,
  periodName,
  periodText,
  periodTick,
  remainingText,
  scopeText,
  standingText,
  thresholdsText,
  toneOfLevel,
} from './words.ts';

test('a budget is read from what a person writes, with every digit', () => {
  const draft = { ...draftOf(undefined), name: ' Support ', amount: '$1,234.567890123' };
  expect(readBudget(draft)).toEqual({
    value: {
      name: 'Support',
      amount_usd: '1234.567890123',
      period: 'month',
      timezone: null,
      scope: {},
      hard: false,
      allow_unpriced: false,
      thresholds: [0.5, 0.8, 0.95, 1],
      channels: [],
    },
  });
});

test('amounts keep their digits and zero is refused', () => {
  expect(readAmount('99.50')).toEqual({ value: '99.5' });
  expect(readAmount('0.000000001')).toEqual({ value: '0.000000001' });
  expect(readAmount('100')).toEqual({ value: '100' });
  expect(readAmount('123456789.123456789')).toEqual({ value: '123456789.123456789' });
  expect(readAmount('0.00')).toEqual({ problem: 'Enter more than 0.' });
  expect(readAmount('ten')).toEqual({ problem: 'Enter a number such as 250 or 99.50.' });
});

test('what cannot be sent is said at its field', () => {
  const draft = {
    ...draftOf(undefined),
    name: ' ',
    amount: '-1',
    period: 'custom' as const,
    anchor: '2026-02-30',
    days: '0',
    zone: 'Mars/Base',
    thresholds: '50, 2000',
    scope: [
      { name: 'project' as const, value: 'a' },
      { name: 'user' as const, value: ' ' },
    ],
  };
  const read = readBudget(draft);
  expect(
    'problems' in read && Object.entries(read.problems).flatMap(([name, text]) => (text ? [name] : [])),
  ).toEqual(['name', 'amount', 'zone', 'thresholds', 'scope', 'anchor', 'days']);
});

test('thresholds are percentages, sorted and each once; an empty field is none', () => {
  const thresholds = (text: string) => {
    const read = readBudget({ ...draftOf(budget()), thresholds: text });
    return 'value' in read ? read.value.thresholds : undefined;
  };
  expect(thresholds('fifty')).toBeUndefined();
  expect(thresholds('100 %, 80;50% 80, 12.5')).toEqual([0.125, 0.5, 0.8, 1]);
  expect(thresholds('')).toEqual([]);
});

test('a form that is saved as it was changes nothing', () => {
  for (const one of BUDGETS) {
    const read = readBudget(draftOf(one));
    const again = readBudget(draftOf(one));
    if (!('value' in read) || !('value' in again)) throw new Error('the fixture cannot be read');
    expect(changedBudget(read.value, again.value)).toEqual({});
    expect(changedBudget(read.value, { ...again.value, amount_usd: '7' })).toEqual({ amount_usd: '7' });
  }
});

test('a period is sent as a whole, since half of one says nothing', () => {
  const custom = {
    ...draftOf(budget({ follows_tenant: false, timezone: 'Europe/Berlin' })),
    period: 'custom' as const,
  };
  const before = readBudget({ ...custom, anchor: '2026-11-03', days: '14' });
  const after = readBudget({ ...custom, anchor: '2026-11-03', days: '7' });
  if (!('value' in before) || !('value' in after)) throw new Error('the drafts cannot be read');
  expect(before.value.timezone).toBe('Europe/Berlin');
  expect(changedBudget(before.value, after.value)).toEqual({
    period: 'custom',
    anchor: '2026-11-03',
    days: 7,
  });
});

test('parts stand below what they are parts of, the default first', () => {
  expect(familyOf(BUDGETS).map(({ budget: { name }, depth, parent }) => [name, depth, parent])).toEqual([
    ['All usage', 0, undefined],
    ['Support', 0, undefined],
    ['Care', 1, 'Support'],
    ['Research', 1, 'Support'],
  ]);
  expect(familyOf([budget({ id: 'x', parent: 'elsewhere' })])).toHaveLength(1);
});

test('words of a budget', () => {
  expect(scopeText({})).toBe('Everything');
  expect(scopeText({ model: 'gpt-4o', project: 'bot' })).toBe('Project bot, Model gpt-4o');
  expect(periodText(budget({ period: 'custom', days: 14 }))).toBe('Every 14 days');
  expect(periodText(budget({ period: 'quarter' }))).toBe('Quarterly');
  expect(remainingText('12.5')).toBe('$12.50 left');
  expect(remainingText('-4.1')).toBe('$4.10 over');
  expect(thresholdsText([0.5, 0.8, 1])).toBe('50 %, 80 % and 100 %');
  expect(thresholdsText([])).toBe('none');
  expect(standingText('100', budget().current)).toBe('$61.20 of $100.00, 61.2 %, On track');
});

test('a level is a colour and a word, and over the budget is the worst', () => {
  expect([toneOfLevel('normal'), toneOfLevel('warning'), toneOfLevel('critical')]).toEqual([
    'good',
    'near',
    'full',
  ]);
  expect(toneOfLevel('normal', true)).toBe('full');
  expect([levelText('normal'), levelText('critical'), levelText('normal', true)]).toEqual([
    'On track',
    'Critical',
    'Over budget',
  ]);
});

test('periods have names in their zone', () => {
  expect(periodName('month', '2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z', 'Europe/Berlin')).toBe(
    'Nov 2026',
  );
  expect(periodName('month', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 'UTC')).toBe('Feb 2026');
  expect(periodName('quarter', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z', 'UTC')).toBe('Q4 2026');
  expect(periodName('year', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'UTC')).toBe('2026');
  expect(periodName('week', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', 'UTC')).toBe('16–22 Nov 2026');
  expect(periodTick('Nov 2026', '2026-11-01T00:00:00Z', 'UTC')).toBe('Nov ’26');
  expect(periodTick('2026', '2026-01-01T00:00:00Z', 'UTC')).toBe('2026');
  expect(periodTick('16–22 Nov 2026', '2026-11-15T23:00:00Z', 'Europe/Berlin')).toBe('16 Nov');
});
