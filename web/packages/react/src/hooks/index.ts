export {
  useLimitHistory,
  useLimitMetrics,
  useLimitUser,
  useLimitUsers,
  useLimitsChange,
  useNearLimits,
  useTenantLimits,
  useTiers,
  useTopUsers,
  useUsageStatus,
  useUserLimits,
} from './useLimits.ts';
export { useMe, useSignIn, useSignOut } from './useSession.ts';
export {
  type LogOptions,
  useBreakdown,
  useNewestEvent,
  useOverview,
  useUsageLog,
  useUsageQuestion,
} from './useUsage.ts';
export { useView } from './useView.ts';
