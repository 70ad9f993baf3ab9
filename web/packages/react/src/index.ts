export type {
  Dimension,
  Filters,
  Me,
  Tenant,
  UsageAnswer,
  UsageLogItem,
  UsageLogPage,
  UsageValues,
} from '@meterwire/client';
export { MeterwireError } from '@meterwire/client';
export { CopyBlock } from './components/CopyBlock/CopyBlock.tsx';
export { DateRangeFilter } from './components/DateRangeFilter/DateRangeFilter.tsx';
export { DIMENSION_LABEL, FilterBar } from './components/FilterBar/FilterBar.tsx';
export { Icon, type IconName } from './components/Icon/Icon.tsx';
export { ProjectBreakdownChart } from './components/ProjectBreakdownChart/ProjectBreakdownChart.tsx';
export { ProviderBreakdownChart } from './components/ProviderBreakdownChart/ProviderBreakdownChart.tsx';
export { StatCard, type StatCardProps } from './components/StatCard/StatCard.tsx';
export { EmptyRange } from './components/States/EmptyRange.tsx';
export { ErrorState } from './components/States/ErrorState.tsx';
export { FirstEvent } from './components/States/FirstEvent.tsx';
export { Skeleton } from './components/States/Skeleton.tsx';
export { UsageChart } from './components/UsageChart/UsageChart.tsx';
export { UsageLogTable } from './components/UsageLogTable/UsageLogTable.tsx';
export { UsageOverview } from './components/UsageOverview/UsageOverview.tsx';
export { UsageSummary } from './components/UsageSummary/UsageSummary.tsx';
export { ZonePicker } from './components/ZonePicker/ZonePicker.tsx';
export * from './hooks/index.ts';
export { adviceFor } from './logic/advice.ts';
export { DEFAULT_LOG, DEFAULT_SORT, isSort, type LogState, PAGE_SIZES } from './logic/log.ts';
export { SHOWN_METRICS, type ShownMetric } from './logic/metric.ts';
export { formatUsd, formatUsdExact } from './logic/money.ts';
export {
  cleanFilters,
  DEFAULT_VIEW,
  DIMENSIONS,
  isPreset,
  isRange,
  type RangeChoice,
  sameView,
  type UsageView,
} from './logic/range.ts';
export { isZone } from './logic/zones.ts';
export {
  createQueryClient,
  MeterwireProvider,
  type MeterwireProviderProps,
  useMeterwire,
} from './state/MeterwireProvider.tsx';
