import { one, type Search } from '../search.ts';

/** One page of the row in the header. */
export interface PageLink {
  name: string;
  /** Its address, for the tenant that is shown. */
  to: (tenant: string) => string;
  /** It follows the shared range, which is taken along to it. */
  follows?: boolean;
  /** The tenant stands in its path already. */
  namesTenant?: boolean;
}

export const PAGES = [
  { name: 'Overview', to: () => '/', follows: true },
  {
    name: 'Usage',
    to: (tenant) => `/dashboard/${encodeURIComponent(tenant)}/usage`,
    follows: true,
    namesTenant: true,
  },
  { name: 'Log', to: () => '/log', follows: true },
  { name: 'Budgets', to: () => '/budgets' },
  { name: 'Departments', to: () => '/departments', follows: true },
  { name: 'Limits', to: () => '/limits' },
  { name: 'Alerts', to: () => '/alerts' },
  { name: 'Reconcile', to: () => '/reconcile', follows: true },
  { name: 'Settings', to: () => '/settings' },
] as const satisfies readonly PageLink[];

export type PageName = (typeof PAGES)[number]['name'];

const RANGE_NAMES = ['range', 'from', 'to', 'tz'] as const;

/** What goes along to another page: the tenant of an admin, and the range where that page follows it. */
export function takenAlong(
  search: Search,
  tenant: string | undefined,
  { follows = false, namesTenant = false }: Pick<PageLink, 'follows' | 'namesTenant'>,
): Search {
  const taken: Search = tenant && !namesTenant ? { tenant } : {};
  if (!follows) return taken;
  for (const name of RANGE_NAMES) {
    const value = one(search[name]);
    if (value) taken[name] = value;
  }
  return taken;
}
