import type { UsageValues } from '@meterwire/client';
import type { ShownMetric } from './metric.ts';
import { parseDecimal } from './money.ts';

/** How a value stands against the period before. A percentage of zero does not exist, so it is not shown. */
export type Change =
  | { kind: 'no-previous' }
  | { kind: 'from-zero' }
  | { kind: 'same' }
  | { kind: 'changed'; direction: 'up' | 'down'; text: string };

export function changeOf(current: UsageValues, previous: UsageValues, metric: ShownMetric): Change {
  const now = scaled(current, metric);
  const before = scaled(previous, metric);
  if (before === 0n && (previous.calls ?? 0) === 0) return { kind: 'no-previous' };
  if (now === before) return { kind: 'same' };
  if (before === 0n) return { kind: 'from-zero' };
  const direction = now > before ? 'up' : 'down';
  return { kind: 'changed', direction, text: percentText(now - before, before) };
}

function scaled(values: UsageValues, metric: ShownMetric): bigint {
  return metric === 'cost' ? parseDecimal(values.cost_usd ?? '0') : BigInt(values[metric] ?? 0);
}

function percentText(difference: bigint, before: bigint): string {
  const positive = difference < 0n ? -difference : difference;
  const permille = (positive * 2000n + before) / (before * 2n);
  if (permille === 0n) return '< 0.1 %';
  // Past tenfold, "1,240 %" is harder to read than "13.4 times".
  if (difference > 0n && permille >= 10_000n) return `× ${oneDecimal(permille / 100n + 10n)}`;
  return `${oneDecimal(permille)} %`;
}

function oneDecimal(tenths: bigint): string {
  const whole = (tenths / 10n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${tenths % 10n}`;
}
