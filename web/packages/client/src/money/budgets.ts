import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import type { Budget, BudgetChange, BudgetPast, BudgetSplit, NewBudget } from './types.ts';

/** Money over a period, for the tenant or a part of it. */
export interface BudgetCatalogue {
  list(options?: ListOptions): Promise<ListOf<Budget>>;
  create(budget: NewBudget, options?: CallOptions): Promise<Budget>;
  read(id: string, options?: CallOptions): Promise<Budget>;
  change(id: string, change: BudgetChange, options?: CallOptions): Promise<Budget>;
  remove(id: string, options?: CallOptions): Promise<void>;
  /** Makes a child for each part, all of them or none. */
  split(id: string, split: BudgetSplit, options?: CallOptions): Promise<{ items: Budget[] }>;
  /** What past periods came to, the present one included. */
  history(id: string, periods: number, options?: CallOptions): Promise<BudgetPast>;
}

export function budgetCatalogue({ send }: Transport): BudgetCatalogue {
  const all = '/api/v1/budgets';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    read: (id, { tenant, signal } = {}) => send('get', one, { path: { id }, query: { tenant }, signal }),
    change: (id, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { id }, query: { tenant }, body, signal }),
    remove: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
    split: (id, body, { tenant, signal } = {}) =>
      send('post', `${one}/split` as const, { path: { id }, query: { tenant }, body, signal }),
    history: (id, periods, { tenant, signal } = {}) =>
      send('get', `${one}/history` as const, { path: { id }, query: { periods, tenant }, signal }),
  };
}
