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
  UsageStats,
  UsageValues,
} from '@meterwire/client';
export { LimitExceededError, MeterwireError } from '@meterwire/client';
export { Advice } from './components/Advice/Advice.tsx';
export { AlertHistory, type AlertHistoryProps } from './components/AlertHistory/AlertHistory.tsx';
export { AlertRulesTable } from './components/AlertRulesTable/AlertRulesTable.tsx';
export { AlertsOverview, type AlertsOverviewProps } from './components/AlertsOverview/AlertsOverview.tsx';
export { AuditTable } from './components/AuditTable/AuditTable.tsx';
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
export { CommandPalette, type CommandPaletteProps } from './components/Commands/CommandPalette.tsx';
export { ConnectionsTable } from './components/ConnectionsTable/ConnectionsTable.tsx';
export { ComparePicker, type ComparePickerProps } from './components/ComparePicker/ComparePicker.tsx';
export { CopyBlock } from './components/CopyBlock/CopyBlock.tsx';
export { CostChange } from './components/CostChange/CostChange.tsx';
export { DataSettings, type DataSettingsProps } from './components/DataSettings/DataSettings.tsx';
export { DateRangeFilter } from './components/DateRangeFilter/DateRangeFilter.tsx';
export { DepartmentsOverview } from './components/DepartmentsOverview/DepartmentsOverview.tsx';
export { DiscardDialog, type DiscardDialogProps } from './components/Form/DiscardDialog.tsx';
export { DimensionsTable } from './components/DimensionsTable/DimensionsTable.tsx';
export { DIMENSION_LABEL, FilterBar } from './components/FilterBar/FilterBar.tsx';
export { FilterSearch } from './components/FilterSearch/FilterSearch.tsx';
export { FirstRun, type FirstRunProps } from './components/FirstRun/FirstRun.tsx';
export { FirstTenant } from './components/FirstRun/FirstTenant.tsx';
export { ForecastChart, type ForecastChartProps } from './components/ForecastChart/ForecastChart.tsx';
export { Icon, type IconName } from './components/Icon/Icon.tsx';
export { JobsList } from './components/JobsList/JobsList.tsx';
export { KeyFigures, type KeyFiguresProps } from './components/KeyFigures/KeyFigures.tsx';
export { KeysHelp, type KeysHelpProps } from './components/KeysHelp/KeysHelp.tsx';
export { KeysTable, type KeysTableProps } from './components/KeysTable/KeysTable.tsx';
export { LimitHistory } from './components/LimitHistory/LimitHistory.tsx';
export { LimitStandings, OwnLimits } from './components/LimitStandings/LimitStandings.tsx';
export { LimitsOverview, type LimitsOverviewProps } from './components/LimitsOverview/LimitsOverview.tsx';
export { LogLink, type LogLinkProps, LogProvider, type LogWays } from './components/LogLink/LogLink.tsx';
export { LogOverview, type LogOverviewProps } from './components/LogOverview/LogOverview.tsx';
export { MetricsTable } from './components/MetricsTable/MetricsTable.tsx';
export { MiniStat, type MiniStatProps } from './components/MiniStat/MiniStat.tsx';
export { NearLimits } from './components/NearLimits/NearLimits.tsx';
export { Outcomes } from './components/Outcomes/Outcomes.tsx';
export { PeriodPicker } from './components/PeriodPicker/PeriodPicker.tsx';
export { PricesTable } from './components/PricesTable/PricesTable.tsx';
export { ProgressBar, type ProgressBarProps } from './components/ProgressBar/ProgressBar.tsx';
export { ProjectsTable } from './components/ProjectsTable/ProjectsTable.tsx';
export {
  ProjectBreakdownChart,
  type ProjectBreakdownChartProps,
} from './components/ProjectBreakdownChart/ProjectBreakdownChart.tsx';
export {
  ProviderBreakdownChart,
  type ProviderBreakdownChartProps,
} from './components/ProviderBreakdownChart/ProviderBreakdownChart.tsx';
export { QuotaWidget, type QuotaWidgetProps } from './components/QuotaWidget/QuotaWidget.tsx';
export {
  ReconciliationOverview,
  type ReconciliationOverviewProps,
} from './components/ReconciliationOverview/ReconciliationOverview.tsx';
export { RankedBars, type RankedBarsProps } from './components/RankedBars/RankedBars.tsx';
export { ReceiptPanel, type ReceiptPanelProps } from './components/ReceiptPanel/ReceiptPanel.tsx';
export { ReportsTable, type ReportsTableProps } from './components/ReportsTable/ReportsTable.tsx';
export {
  SettingsOverview,
  type SettingsOverviewProps,
} from './components/SettingsOverview/SettingsOverview.tsx';
export { StatCard, type StatCardProps } from './components/StatCard/StatCard.tsx';
export { SourceNotice } from './components/SourceNotice/SourceNotice.tsx';
export { EmptyRange } from './components/States/EmptyRange.tsx';
export { ErrorState } from './components/States/ErrorState.tsx';
export { Skeleton } from './components/States/Skeleton.tsx';
export { TenantLimits } from './components/TenantLimits/TenantLimits.tsx';
export { TenantSettings, type TenantSettingsProps } from './components/TenantSettings/TenantSettings.tsx';
export { TiersTable } from './components/TiersTable/TiersTable.tsx';
export { TopUsers } from './components/TopUsers/TopUsers.tsx';
export { UsageChart } from './components/UsageChart/UsageChart.tsx';
export { UsageLogTable } from './components/UsageLogTable/UsageLogTable.tsx';
export { UsageOverview as UsageBoard } from './components/UsageOverview/UsageOverview.tsx';
export { UsagePage, type UsagePageProps } from './components/UsagePage/UsagePage.tsx';
export { UsageStatsPage, type UsageStatsPageProps } from './components/UsageStatsPage/UsageStatsPage.tsx';
export { UsageSummary } from './components/UsageSummary/UsageSummary.tsx';
export { UsageTrend, type UsageTrendProps } from './components/UsageTrend/UsageTrend.tsx';
export { UserLimits } from './components/UserLimits/UserLimits.tsx';
export { UsageOverview, type UsageOverviewProps } from './components/UsageWidget/UsageWidget.tsx';
export { UsersSettings } from './components/UsersSettings/UsersSettings.tsx';
export { UsersTable } from './components/UsersTable/UsersTable.tsx';
export { ZonePicker } from './components/ZonePicker/ZonePicker.tsx';
export * from './hooks/index.ts';
export { useViewKeys, type ViewKeys } from './hooks/useViewKeys.ts';
export { type CommandData, useCommandData } from './hooks/useCommandData.ts';
export { useHasUnsaved } from './hooks/useUnsaved.ts';
export { useJobs, useKeepOpen } from './hooks/useJobs.ts';
export { type Live, type LiveState, useLive, useLiveRefresh } from './hooks/useLive.ts';
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
export { mayChange, mayRead, mayReadWhole } from './logic/budget/state.ts';
export { type Command, searchCommands } from './logic/commands/search.ts';
export { TREND_MODES, type TrendMode } from './logic/chart/trend.ts';
export { COMPARE_NAMES, type CompareChoice, DEFAULT_COMPARE, isCompareDays } from './logic/compare.ts';
export { dayInZone } from './logic/dates.ts';
export type { Drill } from './logic/drill.ts';
export {
  DEFAULT_EVENTS,
  type EventField,
  type EventsState,
  fieldsFrom,
  fromTheTop,
  isEventSort,
  sameFields,
} from './logic/events.ts';
export { overallShare } from './logic/jobs.ts';
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
  PRESET_LABEL,
  PRESETS,
  type RangeChoice,
  sameView,
  type UsageView,
} from './logic/range.ts';
export type { ReconcileState } from './logic/reconcile/words.ts';
export {
  ELSEWHERE_LABEL,
  firstSection,
  isElsewhere,
  isSection,
  refusalOf,
  SECTION_GROUPS,
  SECTION_LABEL,
  SETTINGS_SECTIONS,
  type SettingsElsewhere,
  type SettingsSection,
} from './logic/settings/sections.ts';
export { DEFAULT_STATS, GRANULARITIES, type TrendState, type UsageStatsState } from './logic/usageStats.ts';
export { isZone } from './logic/zones.ts';
export {
  createQueryClient,
  MeterwireProvider,
  type MeterwireProviderProps,
  useMeterwire,
} from './state/MeterwireProvider.tsx';
export { type Job, type JobControl, type Jobs, runsHere } from './state/jobs.ts';
export type { Source, ViewSource } from './state/sources.ts';
