import { expect, test } from 'vitest';
import {
  alertsFromSearch,
  budgetsFromSearch,
  reconcileFromSearch,
  searchFromAlerts,
  searchFromBudgets,
  searchFromReconcile,
} from '../src/moneySearch.ts';
import { parseSearch, stringifySearch, withView } from '../src/search.ts';

test('the page about budgets is read from its address and written back', () => {
  const search = parseSearch('?tab=spend&workspace=support-bot&show=insights&budget=0199-ab_C');
  const state = budgetsFromSearch(search);
  expect(state).toEqual({ tab: 'spend', project: 'support-bot', spend: 'insights', budget: '0199-ab_C' });
  expect(budgetsFromSearch(parseSearch(stringifySearch(searchFromBudgets(state))))).toEqual(state);
  expect(searchFromBudgets(budgetsFromSearch({}))).toEqual({});
});

test('what makes no sense falls back to the default', () => {
  expect(budgetsFromSearch(parseSearch('?tab=secrets&show=x&budget=../etc&workspace='))).toEqual({
    tab: 'budgets',
    spend: 'overview',
  });
  expect(alertsFromSearch(parseSearch('?tab=nope&kind=nope'))).toEqual({ tab: 'history' });
  expect(reconcileFromSearch(parseSearch('?report=acme'))).toEqual({});
});

test('alerts and reconciliation keep their choices', () => {
  const alerts = alertsFromSearch(parseSearch('?tab=rules&kind=spend_spike'));
  expect(searchFromAlerts(alerts)).toEqual({ tab: 'rules', kind: 'spend_spike' });
  expect(searchFromReconcile(reconcileFromSearch(parseSearch('?report=openai')))).toEqual({
    report: 'openai',
  });
});

test('another range leaves what a page keeps beside it', () => {
  const search = parseSearch('?range=7d&tz=UTC&project=a&report=openai&tab=rules');
  expect(withView(search, { range: { preset: '30d' }, tenant: 'acme', filters: { user: ['u'] } })).toEqual({
    range: '30d',
    tenant: 'acme',
    user: 'u',
    report: 'openai',
    tab: 'rules',
  });
});
