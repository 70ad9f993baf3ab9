import type { Me } from '@meterwire/client';

export const LIMITS_TABS = ['standing', 'activity', 'users', 'tiers', 'metrics'] as const;
export type LimitsTab = (typeof LIMITS_TABS)[number];

export const TAB_LABEL: Record<LimitsTab, string> = {
  standing: 'Your limits',
  activity: 'Activity',
  users: 'Users',
  tiers: 'Tiers',
  metrics: 'Metrics',
};

export const HISTORY_DAYS = [7, 30, 90] as const;
export type HistoryDays = (typeof HISTORY_DAYS)[number];

/** What the page about limits shows, as it stands in the address. */
export interface LimitsState {
  /** Without one the first that the role may see. */
  tab?: LimitsTab | undefined;
  metric?: string | undefined;
  /** Of a limit, from 0 to 1. */
  threshold: number;
  user?: string | undefined;
  /** The UTC day of the top users; today where it is absent. */
  date?: string | undefined;
  days: HistoryDays;
}

export const DEFAULT_LIMITS: LimitsState = { threshold: 0.8, days: 7 };

/** Owners and admins see everything, viewers look users up, members see themselves. */
export function tabsFor(me: Pick<Me, 'role' | 'user'>): LimitsTab[] {
  const own: LimitsTab[] = me.user || me.role === 'member' ? ['standing'] : [];
  switch (me.role) {
    case 'admin':
    case 'owner':
      return [...own, 'activity', 'users', 'tiers', 'metrics'];
    case 'viewer':
      return [...own, 'users', 'tiers', 'metrics'];
    case 'member':
      return [...own, 'tiers', 'metrics'];
    default:
      return [];
  }
}

export function mayChangeLimits(me: Pick<Me, 'role'>): boolean {
  return me.role === 'admin' || me.role === 'owner';
}

export function isThreshold(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= 1;
}

export function isLimitsTab(value: unknown): value is LimitsTab {
  return LIMITS_TABS.includes(value as LimitsTab);
}

export function isHistoryDays(value: unknown): value is HistoryDays {
  return HISTORY_DAYS.includes(value as HistoryDays);
}
