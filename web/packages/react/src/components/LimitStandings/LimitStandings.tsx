'use client';

import type { LimitMetric, UsageStatus } from '@meterwire/client';
import { useLimitMetrics, useUsageStatus } from '../../hooks/useLimits.ts';
import { useNow } from '../../hooks/useNow.ts';
import { percentageOf, toneOf } from '../../logic/limits/words.ts';
import { Card } from '../Card/Card.tsx';
import { MetricQuota } from '../MetricQuota/MetricQuota.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

export interface LimitStandingsProps {
  /** Without one, whoever the key stands for. */
  user?: string;
}

/** Where a user stands on every metric, fullest first. */
export function LimitStandings({ user }: LimitStandingsProps) {
  const status = useUsageStatus(user);
  const metrics = useLimitMetrics();
  const now = useNow();
  if (!status.error && (!status.data || !metrics.data) && !metrics.error) {
    return (
      <div className="mw-quotas">
        {[1, 2, 3, 4].map((one) => (
          <Skeleton key={one} label="limits" className="mw-skeleton-quota" />
        ))}
      </div>
    );
  }
  return (
    <Asked query={status} label="limits">
      {(data) =>
        Object.keys(data.metrics).length === 0 ? (
          <EmptyRange>There is no metric yet. An owner adds one under Metrics.</EmptyRange>
        ) : (
          <div className="mw-quotas">
            {fullestFirst(data).map((name) => {
              const standing = data.metrics[name];
              const metric = metrics.data?.items.find((one) => one.name === name);
              if (!standing) return null;
              return (
                <MetricQuota
                  key={name}
                  metric={name}
                  standing={standing}
                  unit={metric?.unit}
                  zone={zoneOf(metric)}
                  now={now}
                />
              );
            })}
          </div>
        )
      }
    </Asked>
  );
}

/** Without the catalogue the moment is right in UTC too. */
function zoneOf(metric: LimitMetric | undefined): string {
  return metric?.timezone ?? 'UTC';
}

function fullestFirst({ metrics }: UsageStatus): string[] {
  const fullness = (name: string) => {
    const standing = metrics[name];
    return standing ? (percentageOf(standing) ?? -1) : -1;
  };
  return Object.keys(metrics).sort((a, b) => fullness(b) - fullness(a) || a.localeCompare(b));
}

/** The whole card of the one who looks: tier and standings. */
export function OwnLimits() {
  const { data, error } = useUsageStatus();
  return (
    <Card title="Your limits" summary={data && !error && ownSummary(data)}>
      <LimitStandings />
    </Card>
  );
}

function ownSummary(status: UsageStatus): string {
  const tight = Object.values(status.metrics).filter((one) => toneOf(percentageOf(one)) !== 'calm').length;
  const state =
    tight === 0
      ? 'No limit is near.'
      : `${tight === 1 ? 'One limit is' : `${tight} limits are`} near or reached.`;
  return `${status.user} is on the tier ${status.tier}. ${state}`;
}
