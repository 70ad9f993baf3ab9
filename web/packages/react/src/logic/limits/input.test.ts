import { expect, test } from 'vitest';
import { changedLimits } from './changed.ts';
import { metricNameProblem, readLimit, tierNameProblem, zoneProblem } from './input.ts';
import { tabsFor } from './state.ts';

const value = (metric: string, text: string) => {
  const read = readLimit(metric, text);
  return 'value' in read ? read.value : read.problem;
};

test('limits are read as people write them', () => {
  expect(value('deployments', ' 10 ')).toBe(10);
  expect(value('api_calls', '5,000')).toBe(5000);
  expect(value('api_calls', '1 000 000')).toBe(1_000_000);
  expect(value('compute_hours', '2.50')).toBe(2.5);
  expect(value('cost_usd', '$0.000000001')).toBe(1e-9);
  expect(value('deployments', '0')).toBe(0);
});

test('what a number would round is sent as text', () => {
  expect(value('tokens', '999999999999.123456')).toBe('999999999999.123456');
});

test('what is no limit is told why', () => {
  expect(value('deployments', '-1')).toBe('Enter 0 or more.');
  for (const text of ['', 'ten', '1e3', '1,00', '1.2.3', '∞']) {
    expect(value('deployments', text)).toBe('Enter a number such as 10 or 2.5.');
  }
  expect(value('deployments', '0.0000001')).toBe('Enter at most 6 decimals.');
  expect(value('cost_usd', '0.0000001')).toBe(1e-7);
  expect(value('deployments', '1000000000000.5')).toBe('Enter at most 1,000,000,000,000.');
  expect(value('deployments', '1000000000000')).toBe(1e12);
  expect(value('cost_usd', '1000000001')).toBe('Enter at most 1,000,000,000.');
});

test('names and zones are checked before they are sent', () => {
  expect(metricNameProblem('build_minutes', [])).toBeUndefined();
  expect(metricNameProblem('Builds', [])).toMatch(/a to z/);
  expect(metricNameProblem('builds', ['builds'])).toMatch(/already/);
  expect(tierNameProblem('team-2', [])).toBeUndefined();
  expect(tierNameProblem('', [])).toMatch(/1 to 64/);
  expect(tierNameProblem('free', ['free'])).toMatch(/already/);
  expect(zoneProblem('Europe/Berlin')).toBeUndefined();
  expect(zoneProblem('Mars/Base')).toMatch(/Enter a zone/);
});

test('only what was changed is sent, and said', () => {
  const before = { deployments: 10, api_calls: null, storage: 5 };
  expect(changedLimits(before, { deployments: '10', api_calls: null, storage: 5 }).words).toBe('');
  const { changed, words } = changedLimits(before, { deployments: 25, api_calls: 5000, storage: null });
  expect(changed).toEqual({ deployments: 25, api_calls: 5000, storage: null });
  expect(words).toBe('Deployments 10 → 25, API calls Unlimited → 5,000, Storage 5 → Unlimited');
});

test('each role gets the tabs that it may read', () => {
  expect(tabsFor({ role: 'owner', user: null })).toEqual(['activity', 'users', 'tiers', 'metrics']);
  expect(tabsFor({ role: 'viewer', user: null })).toEqual(['users', 'tiers', 'metrics']);
  expect(tabsFor({ role: 'member', user: 'u-1' })).toEqual(['standing', 'tiers', 'metrics']);
  expect(tabsFor({ role: 'owner', user: 'u-1' })[0]).toBe('standing');
  expect(tabsFor({ role: 'ingest', user: null })).toEqual([]);
});
