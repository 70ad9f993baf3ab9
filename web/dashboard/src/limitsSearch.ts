import {
  DEFAULT_LIMITS,
  isDay,
  isHistoryDays,
  isLimitsTab,
  isThreshold,
  type LimitsState,
} from '@meterwire/react';
import { one, type Search } from './search.ts';

/** The page about limits as it stands in the address, with the tenant that an admin chose. */
export interface LimitsAddress {
  tenant?: string | undefined;
  limits: LimitsState;
}

const METRIC = /^[a-z0-9_]{1,64}$/;
const MAX_USER_LENGTH = 256;

/** Reads an address that anybody may have written: what makes no sense falls back to the default. */
export function limitsFromSearch(search: Search): LimitsAddress {
  const [tab, metric, user, date] = [one(search.tab), one(search.metric), one(search.user), one(search.date)];
  const threshold = Number(one(search.threshold) || Number.NaN);
  const days = Number(one(search.days));
  const tenant = one(search.tenant);
  return {
    ...(tenant ? { tenant } : {}),
    limits: {
      ...(isLimitsTab(tab) ? { tab } : {}),
      ...(metric && METRIC.test(metric) ? { metric } : {}),
      ...(user && user.length <= MAX_USER_LENGTH ? { user } : {}),
      ...(isDay(date) ? { date } : {}),
      threshold: isThreshold(threshold) ? threshold : DEFAULT_LIMITS.threshold,
      days: isHistoryDays(days) ? days : DEFAULT_LIMITS.days,
    },
  };
}

/** Writes only what differs from the default, so that addresses stay short. */
export function searchFromLimits({ tenant, limits }: LimitsAddress): Search {
  const { tab, metric, user, date, threshold, days } = limits;
  const search: Search = {};
  if (tab) search.tab = tab;
  if (user) search.user = user;
  if (metric) search.metric = metric;
  if (date) search.date = date;
  if (threshold !== DEFAULT_LIMITS.threshold) search.threshold = String(threshold);
  if (days !== DEFAULT_LIMITS.days) search.days = String(days);
  if (tenant) search.tenant = tenant;
  return search;
}
