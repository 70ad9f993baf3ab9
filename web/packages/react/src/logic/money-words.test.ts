import { expect, test } from 'vitest';
import { alert, channel, closing, DEPARTMENTS, insight } from '../testing/moneyFixtures.ts';
import { channelDraft, readChannel, readParam } from './alerts/input.ts';
import { channelPlace, deliveryText, deliveryTone } from './alerts/words.ts';
import { closableMonths, closingName } from './closing.ts';
import { changeText, describeDepartments } from './departments.ts';
import { formatUsdSigned } from './money.ts';
import { formatSigned } from './number.ts';
import { evidenceColumns, evidenceValue, insightLabel, sortInsights, statusText } from './spend/words.ts';
import { budgetStatus } from '../testing/moneyFixtures.ts';

test('differences carry their sign', () => {
  expect([formatUsdSigned('1.5'), formatUsdSigned('-0.25'), formatUsdSigned('0')]).toEqual([
    '+$1.50',
    '−$0.25',
    '$0.00',
  ]);
  expect([formatSigned(12), formatSigned(-1234), formatSigned(0)]).toEqual(['+12', '−1,234', '0']);
});

test('months that are over and not closed can be closed, the newest first', () => {
  const now = new Date('2026-11-01T00:30:00Z');
  const names = (zone: string) => closableMonths([closing()], zone, now).map(({ name }) => name);
  expect(names('UTC').slice(0, 3)).toEqual(['2026-10', '2026-08', '2026-07']);
  // There it is still October.
  expect(names('America/New_York').slice(0, 2)).toEqual(['2026-08', '2026-07']);
  expect(closableMonths([], 'UTC', new Date('2026-01-15T00:00:00Z'))[0]).toEqual({
    name: '2025-12',
    label: 'Dec 2025',
  });
});

test('a month that a closed stretch touches is not offered', () => {
  const stretch = closing({
    name: '2026-09-20..2026-10-04',
    from: '2026-09-20T00:00:00Z',
    to: '2026-10-05T00:00:00Z',
  });
  const names = closableMonths([stretch], 'UTC', new Date('2026-11-10T00:00:00Z')).map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(['2026-08', '2026-07']);
  expect(closingName(stretch)).toBe('20 Sep – 4 Oct 2026');
  expect(closingName(closing())).toBe('Sep 2026');
});

test('a change needs something to compare with', () => {
  const [care, research, none] = DEPARTMENTS.departments;
  const triage = care?.projects[1];
  expect([care, research, none, triage].map((one) => one && changeText(one))).toEqual([
    '+25 %',
    '−15.7 %',
    'no change',
    'new',
  ]);
  expect(care && changeText({ ...care, previous_cost_usd: null, change_percentage: null })).toBe('–');
  expect(describeDepartments(DEPARTMENTS)).toBe('care pays 66.5 % of $60.50.');
});

test('the pace is set against the budget', () => {
  expect(statusText(budgetStatus())).toBe(
    'At this pace the period comes to $85.32, within the budget of $100.00.',
  );
  expect(statusText(budgetStatus({ projected_monthly_spend: 120 }))).toContain('above the budget of $100.00');
  expect(statusText(budgetStatus({ is_over_budget: true, current_spend: 101 }))).toBe(
    'Over budget: $101.00 of $100.00 is spent.',
  );
});

test('insights: the worst first, then the largest saving', () => {
  const sorted = sortInsights([
    insight({ title: 'a', severity: 'info', potential_savings: 9 }),
    insight({ title: 'b', severity: 'critical', potential_savings: 1 }),
    insight({ title: 'c', severity: 'critical', potential_savings: 2 }),
  ]);
  expect(sorted.map(({ title }) => title)).toEqual(['c', 'b', 'a']);
  expect(insightLabel('idle_key')).toBe('Idle key');
  expect(insightLabel('brand_new_kind')).toBe('Brand new kind');
});

test('evidence is read as money, numbers, events and words', () => {
  expect(evidenceValue('cost', 0.0225)).toBe('$0.0225');
  expect(evidenceValue('cost_usd', '1.5')).toBe('$1.50');
  expect(evidenceValue('repeats', 1234)).toBe('1,234');
  expect(evidenceValue('first', { source: 'api', id: 'x', time: 't' })).toBe('api / x');
  expect(
    evidenceValue('examples', [
      { source: 'api', id: 'x' },
      { source: 'api', id: 'y' },
    ]),
  ).toBe('api / x, api / y');
  expect(evidenceValue('rule', 'the sum')).toBe('the sum');
  expect(evidenceValue('request_hash', 'ab'.repeat(32))).toBe('abababababababab…');
  expect(evidenceValue('provider', null)).toBe('–');
});

test('columns of evidence: names, figures, events, lists', () => {
  const rows = [
    { cost: 1, examples: [{ id: 'x', source: 'a' }], first: null, model: 'gpt-4o', repeats: 3 },
    { cost: 2, examples: [], first: { id: 'x', source: 'a' }, model: null, repeats: 1 },
  ];
  expect(evidenceColumns(rows)).toEqual([
    { field: 'model', numeric: false },
    { field: 'cost', numeric: true },
    { field: 'repeats', numeric: true },
    { field: 'first', numeric: false },
    { field: 'examples', numeric: false },
  ]);
});

test('a channel is read by its kind', () => {
  const draft = channelDraft(undefined);
  expect(readChannel({ ...draft, name: 'Ops', to: 'a@b.c, d@e.f' }, true)).toEqual({
    value: { name: 'Ops', type: 'email', to: ['a@b.c', 'd@e.f'] },
  });
  const problem = (part: object, isNew = true) => {
    const read = readChannel({ ...draft, name: 'Ops', ...part }, isNew);
    return 'problems' in read ? Object.values(read.problems).find(Boolean) : undefined;
  };
  expect(problem({ to: 'Ada <a@b.c>' })).toBe('Ada is no mail address.');
  expect(problem({ to: '' })).toContain('Enter an address');
  expect(problem({ type: 'webhook', url: 'ftp://x' })).toBe('Enter an address with https.');
  expect(problem({ type: 'webhook', url: 'https://u:p@x.y' })).toContain('without a user');
  // Nobody is shown the address of Slack again, so an empty one stays.
  expect(problem({ type: 'slack', url: '' }, false)).toBeUndefined();
  expect(problem({ type: 'slack', url: '' }, true)).toContain('Enter an address');
  expect(channelPlace(channel({ type: 'slack', to: [] }))).toBe('An incoming webhook of Slack');
});

test('deliveries say how it stands', () => {
  const [arrived, failed] = alert().deliveries;
  if (!arrived || !failed) throw new Error('two deliveries are expected');
  expect([deliveryText(arrived), deliveryTone(arrived)]).toEqual(['Delivered', 'good']);
  expect([deliveryText(failed), deliveryTone(failed)]).toEqual(['Failed, tried 12 times', 'bad']);
  expect(deliveryText({ ...failed, state: 'pending', attempts: 0 })).toBe('On its way');
  expect(deliveryTone({ ...failed, state: 'snoozed' })).toBe('waiting');
  expect([readParam(' 90 '), readParam('1.5'), readParam('-1'), readParam('')]).toEqual([
    90,
    undefined,
    undefined,
    undefined,
  ]);
});
