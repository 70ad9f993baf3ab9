import type { UsageValues } from '@meterwire/client';
import { formatShare } from './number.ts';

/** `99.2 %`, or a dash where nothing was called. */
export function successRate({ calls = 0, errors = 0 }: UsageValues): string {
  return calls === 0 ? '–' : formatShare(calls - errors, calls);
}

export interface PointsChange {
  direction: 'up' | 'down' | 'same';
  text: string;
}

/** How the rate moved, in points of percent; null where one of the two has no calls. */
export function pointsChange(now: UsageValues, before: UsageValues): PointsChange | null {
  if (!now.calls || !before.calls) return null;
  const points = rateOf(now) - rateOf(before);
  const tenths = Math.round(Math.abs(points) * 10);
  if (points === 0) return { direction: 'same', text: '' };
  const text = tenths === 0 ? '< 0.1 points' : `${(tenths / 10).toFixed(1)} points`;
  return { direction: points > 0 ? 'up' : 'down', text };
}

function rateOf({ calls = 0, errors = 0 }: UsageValues): number {
  return ((calls - errors) / calls) * 100;
}
