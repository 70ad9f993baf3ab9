export type {
  Alert,
  Budget,
  BudgetScope,
  BudgetStatus,
  Channel,
  Closing,
  CostIntelligence,
  Dimension,
  Filters,
  Insight,
  Me,
  ModelComparison,
  ModelCost,
  Tenant,
  UsageAnswer,
  UsageData,
  UsageLogItem,
  UsageLogPage,
  UsageValues,
} from '@meterwire/client';
export { LimitExceededError, MeterwireError } from '@meterwire/client';
export { AlertHistory, type AlertHistoryProps } from './components/AlertHistory/AlertHistory.tsx';
export { AlertRulesTable } from './components/AlertRulesTable/AlertRulesTable.tsx';
export { AlertsOverview, type AlertsOverviewProps } from './components/AlertsOverview/AlertsOverview.tsx';
export { BudgetCardV2, type BudgetCardV2Props } from './components/BudgetCardV2/BudgetCardV2.tsx';
export { BudgetDetail, type BudgetDetailProps } from './components/BudgetDetail/BudgetDetail.tsx';
export { BudgetsOverview, type BudgetsOverviewProps } from './components/BudgetsOverview/BudgetsOverview.tsx';
export { BudgetsTable, type BudgetsTableProps } from './components/BudgetsTable/BudgetsTable.tsx';
export { BudgetUsageChat } from './components/BudgetUsageChat/BudgetUsageChat.tsx';
export {
  BudgetUsageChatEnhanced,
  type BudgetUsageChatEnhancedProps,
} from './components/BudgetUsageChatEnhanced/BudgetUsageChatEnhanced.tsx';
export {
  BudgetUsageChatV2,
  type BudgetUsageChatV2Props,
} from './components/BudgetUsageChatV2/BudgetUsageChatV2.tsx';
export { ChannelsTable } from './components/ChannelsTable/ChannelsTable.tsx';
export { ClosingsTable, type ClosingsTableProps } from './components/ClosingsTable/ClosingsTable.tsx';
export { ConnectionsTable } from './components/ConnectionsTable/ConnectionsTable.tsx';
export { CopyBlock } from './components/CopyBlock/CopyBlock.tsx';
export { DateRangeFilter } from './components/DateRangeFilter/DateRangeFilter.tsx';
export { DepartmentsOverview } from './components/DepartmentsOverview/DepartmentsOverview.tsx';
export { DIMENSION_LABEL, FilterBar } from './components/FilterBar/FilterBar.tsx';
export { Icon, type IconName } from './components/Icon/Icon.tsx';
export { LimitHistory } from './components/LimitHistory/LimitHistory.tsx';
export { LimitStandings, OwnLimits } from './components/LimitStandings/LimitStandings.tsx';
export { LimitsOverview, type LimitsOverviewProps } from './components/LimitsOverview/LimitsOverview.tsx';
export { MetricsTable } from './components/MetricsTable/MetricsTable.tsx';
export { MiniStat, type MiniStatProps } from './components/MiniStat/MiniStat.tsx';
export { NearLimits } from './components/NearLimits/NearLimits.tsx';
export { ProgressBar, type ProgressBarProps } from './components/ProgressBar/ProgressBar.tsx';
export { ProjectBreakdownChart } from './components/ProjectBreakdownChart/ProjectBreakdownChart.tsx';
export { ProviderBreakdownChart } from './components/ProviderBreakdownChart/ProviderBreakdownChart.tsx';
export { QuotaWidget, type QuotaWidgetProps } from './components/QuotaWidget/QuotaWidget.tsx';
export {
  ReconciliationOverview,
  type ReconciliationOverviewProps,
} from './components/ReconciliationOverview/ReconciliationOverview.tsx';
export { StatCard, type StatCardProps } from './components/StatCard/StatCard.tsx';
export { EmptyRange } from './components/States/EmptyRange.tsx';
export { ErrorState } from './components/States/ErrorState.tsx';
export { FirstEvent } from './components/States/FirstEvent.tsx';
export { Skeleton } from './components/States/Skeleton.tsx';
export { TenantLimits } from './components/TenantLimits/TenantLimits.tsx';
export { TiersTable } from './components/TiersTable/TiersTable.tsx';
export { TopUsers } from './components/TopUsers/TopUsers.tsx';
export { UsageChart } from './components/UsageChart/UsageChart.tsx';
export { UsageLogTable } from './components/UsageLogTable/UsageLogTable.tsx';
export { UsageOverview } from './components/UsageOverview/UsageOverview.tsx';
export { UsageSummary } from './components/UsageSummary/UsageSummary.tsx';
export { UserLimits } from './components/UserLimits/UserLimits.tsx';
export { UsersTable } from './components/UsersTable/UsersTable.tsx';
export { ZonePicker } from './components/ZonePicker/ZonePicker.tsx';
export * from './hooks/index.ts';
export { adviceFor } from './logic/advice.ts';
export {
  type AlertsState,
  type AlertTab,
  DEFAULT_ALERTS,
  isAlertKind,
  isAlertTab,
} from './logic/alerts/state.ts';
export {
  type BudgetsState,
  type BudgetTab,
  DEFAULT_BUDGETS,
  isBudgetTab,
  isSpendTab,
  type SpendTab,
} from './logic/budget/state.ts';
export { dayInZone } from './logic/dates.ts';
export {
  DEFAULT_LIMITS,
  isHistoryDays,
  isLimitsTab,
  isThreshold,
  type LimitsState,
  type LimitsTab,
} from './logic/limits/state.ts';
export { DEFAULT_LOG, DEFAULT_SORT, isSort, type LogState, PAGE_SIZES } from './logic/log.ts';
export { SHOWN_METRICS, type ShownMetric } from './logic/metric.ts';
export { formatUsd, formatUsdExact } from './logic/money.ts';
export {
  cleanFilters,
  DEFAULT_VIEW,
  DIMENSIONS,
  isDay,
  isPreset,
  isRange,
  type RangeChoice,
  sameView,
  type UsageView,
} from './logic/range.ts';
export type { ReconcileState } from './logic/reconcile/words.ts';
export { isZone } from './logic/zones.ts';
export {
  createQueryClient,
  MeterwireProvider,
  type MeterwireProviderProps,
  useMeterwire,
} from './state/MeterwireProvider.tsx';
