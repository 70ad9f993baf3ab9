import { expect, type Page } from '@playwright/test';

/** One page of the dashboard, as everybody who signed in may open it. */
export interface Place {
  name: string;
  path: (tenant: string) => string;
  /** Its first heading. */
  heading: string;
}

export const SECTIONS = [
  'keys',
  'users',
  'projects',
  'prices',
  'reports',
  'channels',
  'providers',
  'tenant',
  'dimensions',
  'data',
  'audit',
] as const;

const plain = (name: string, path: string, heading: string): Place => ({ name, path: () => path, heading });

/** Every page there is: what holds for all of them is asked of this one list. */
export const PLACES: readonly Place[] = [
  plain('overview', '/', 'Overview'),
  { name: 'usage', path: (tenant) => `/dashboard/${tenant}/usage`, heading: 'Usage' },
  plain('log', '/log', 'Log'),
  plain('budgets', '/budgets', 'Budgets'),
  plain('budgets-spend', '/budgets?tab=spend', 'Budgets'),
  plain('budgets-models', '/budgets?tab=spend&show=models', 'Budgets'),
  plain('budgets-insights', '/budgets?tab=spend&show=insights', 'Budgets'),
  plain('budgets-closings', '/budgets?tab=closings', 'Budgets'),
  plain('departments', '/departments', 'Departments'),
  plain('limits', '/limits', 'Limits'),
  plain('limits-users', '/limits?tab=users', 'Limits'),
  plain('limits-tiers', '/limits?tab=tiers', 'Limits'),
  plain('limits-metrics', '/limits?tab=metrics', 'Limits'),
  plain('alerts', '/alerts', 'Alerts'),
  plain('alerts-channels', '/alerts?tab=channels', 'Alerts'),
  plain('alerts-rules', '/alerts?tab=rules', 'Alerts'),
  plain('reconcile', '/reconcile', 'Reconcile'),
  ...SECTIONS.map((section) => plain(`settings-${section}`, `/settings/${section}`, 'Settings')),
];

/** Waits until a page stands still: nothing is being loaded, and no number is of the range before. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('.mw-skeleton, .app-skeleton')).toHaveCount(0);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

export async function openPlace(page: Page, { path, heading }: Place, tenant: string): Promise<void> {
  await page.goto(path(tenant));
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
  await settled(page);
}
