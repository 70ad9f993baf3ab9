import { expect, test, vi } from 'vitest';
import { createViewStore } from './store.ts';

test('a change is told once, and no change is not told', () => {
  const told = vi.fn();
  const store = createViewStore({ range: { preset: '7d' }, filters: {} }, told);
  store.getState().setRange({ preset: '30d' });
  store.getState().setRange({ preset: '30d' });
  expect(told).toHaveBeenCalledTimes(1);
  expect(told).toHaveBeenCalledWith({ range: { preset: '30d' }, filters: {} });
});

test('what comes from the address is taken over without being told back', () => {
  const told = vi.fn();
  const store = createViewStore(undefined, told);
  store.getState().replace({ range: { preset: 'today' }, filters: { provider: ['openai'] } });
  expect(store.getState().view.filters).toEqual({ provider: ['openai'] });
  expect(told).not.toHaveBeenCalled();
});

test('filters are toggled and emptied', () => {
  const store = createViewStore();
  store.getState().toggleFilter('provider', 'openai');
  expect(store.getState().view.filters).toEqual({ provider: ['openai'] });
  store.getState().setFilters({ provider: [] });
  expect(store.getState().view.filters).toEqual({});
});
