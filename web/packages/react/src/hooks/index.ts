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
export {
  type FileQuestion,
  useAdjustment,
  useAlertRules,
  useAlerts,
  useBudget,
  useBudgetHistory,
  useBudgets,
  useChannels,
  useClosingChanges,
  useClosings,
  useConnections,
  useDepartmentCosts,
  useFile,
  useMoneyChange,
  useReconciliation,
  useTenantQuota,
} from './useMoney.ts';
export { useMe, useSignIn, useSignOut } from './useSession.ts';
export {
  type SpendView,
  useBudgetStatus,
  useCostIntelligence,
  useCurrentMonth,
  useModelComparison,
  useSpend,
  useToday,
  useWhatIf,
} from './useSpend.ts';
export {
  type LogOptions,
  useBreakdown,
  useNewestEvent,
  useOverview,
  useUsageLog,
  useUsageQuestion,
} from './useUsage.ts';
export {
  type LogPlace,
  type TrendShape,
  useCostChange,
  useDimensionValues,
  useForecast,
  useKeyFigures,
  useLogPage,
  useLogTotals,
  useOutcomes,
  usePricesOf,
  useRanking,
  useReceipt,
  useTrend,
} from './useUsageViews.ts';
export { useView } from './useView.ts';
export { type ErrorSentence, type LiveUsage, useUsage } from './useLiveUsage.ts';
export type { Sourced, SourcedResult } from './useSourced.ts';
export { useIsSample, useWorstSource } from './useSource.ts';
export { useUsageStats } from './useUsageStats.ts';
