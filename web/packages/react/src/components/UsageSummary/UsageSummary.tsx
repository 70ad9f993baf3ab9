'use client';

import type { UsageAnswer } from '@meterwire/client';
import type { ReactNode } from 'react';
import { useOverview } from '../../hooks/useUsage.ts';
import { changeOf } from '../../logic/change.ts';
import { comparedSpan, dayInZone } from '../../logic/dates.ts';
import {
  isBadWhenMore,
  METRIC_LABEL,
  SHOWN_METRICS,
  type ShownMetric,
  shownValue,
} from '../../logic/metric.ts';
import type { Drill } from '../../logic/drill.ts';
import { Icon } from '../Icon/Icon.tsx';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { SourceNotice } from '../SourceNotice/SourceNotice.tsx';
import { StatCard } from '../StatCard/StatCard.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

export interface UsageSummaryProps {
  /** Which totals to show, in this order. */
  metrics?: readonly ShownMetric[];
  /** The one that the chart below draws. */
  selected?: ShownMetric;
  onSelect?: (metric: ShownMetric) => void;
}

/** The totals of the range, each against the period before. */
export function UsageSummary({ metrics = SHOWN_METRICS, selected, onSelect }: UsageSummaryProps) {
  const { data, error, isPlaceholderData, isFetching, refetch, source } = useOverview();
  if (error) return <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />;
  return (
    <>
      <SourceNotice />
      <div className="mw-stats" role="group" aria-label={source === 'sample' ? 'Sample totals' : 'Totals'}>
        {metrics.map((metric) =>
          data ? (
            <MetricCard
              key={metric}
              answer={data}
              metric={metric}
              busy={isPlaceholderData}
              sample={source === 'sample'}
              selected={selected === metric}
              onSelect={onSelect && (() => onSelect(metric))}
            />
          ) : (
            <div className="mw-stat" key={metric}>
              <span className="mw-stat-label">{METRIC_LABEL[metric]}</span>
              <Skeleton label={METRIC_LABEL[metric].toLowerCase()} className="mw-skeleton-stat" />
            </div>
          ),
        )}
      </div>
    </>
  );
}

interface MetricCardProps {
  answer: UsageAnswer;
  metric: ShownMetric;
  busy: boolean;
  sample: boolean;
  selected: boolean;
  onSelect?: (() => void) | undefined;
}

function MetricCard({ answer, metric, ...rest }: MetricCardProps) {
  const { total, compared, tz } = answer;
  const shown = shownValue(total, metric);
  return (
    <StatCard
      {...rest}
      title={METRIC_LABEL[metric]}
      value={shown.text}
      exact={shown.exact}
      change={compared ? changeOf(total, compared.total, metric) : { kind: 'no-previous' }}
      against={compared ? comparedSpan(compared, tz, dayInZone(answer.as_of, tz).slice(0, 4)) : ''}
      badWhenMore={isBadWhenMore(metric)}
      // In a card that is a button there can be no link.
      note={unpricedNote(shown.unpricedCalls, rest.onSelect ? null : undefined)}
    />
  );
}

/** Calls without a price are said beside every sum that they are missing from. */
export function unpricedNote(calls: number, drill?: Drill | null): ReactNode {
  if (calls === 0) return null;
  return (
    <span className="mw-unpriced">
      <Icon name="alert" />
      <UnpricedLink calls={calls} {...(drill === undefined ? {} : { drill })} />
    </span>
  );
}
