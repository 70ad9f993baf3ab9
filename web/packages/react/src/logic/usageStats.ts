import type { Dimension, Granularity } from '@meterwire/client';
import type { TrendMode } from './chart/trend.ts';
import { type CompareChoice, DEFAULT_COMPARE } from './compare.ts';
import type { ShownMetric } from './metric.ts';

/** What the chart over time draws, and how. */
export interface TrendState {
  metric: ShownMetric;
  mode: TrendMode;
  stack: Dimension | null;
  /** How wide a bar is, where another width than the usual one was chosen. */
  by?: Granularity | undefined;
}

/** What the usage page shows beside the shared view; it belongs into the address. */
export interface UsageStatsState extends TrendState {
  compare: CompareChoice;
  /** What the second ranking is by. */
  costBy: Dimension;
}

export const DEFAULT_STATS: UsageStatsState = {
  metric: 'cost',
  mode: 'each',
  stack: null,
  compare: DEFAULT_COMPARE,
  costBy: 'model',
};

export const GRANULARITIES = [
  '15m',
  'hour',
  'day',
  'week',
  'month',
] as const satisfies readonly Granularity[];
