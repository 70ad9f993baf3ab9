import type { UsageView } from '@meterwire/react';

const WITH_TENANT = /^\/dashboard\/([^/]+)\/usage\/?$/;

/** The tenant that a path names, as that of the usage page does. */
export function pathTenant(path: string): string | undefined {
  const name = WITH_TENANT.exec(path)?.[1];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** What of a view stands behind the path: not the tenant, where the path names it already. */
export function withoutPathTenant(path: string, view: UsageView): UsageView {
  if (pathTenant(path) === undefined) return view;
  const { tenant: _, ...rest } = view;
  return rest;
}
