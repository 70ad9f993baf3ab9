'use client';

import type { Granularity, UsageAnswer } from '@meterwire/client';
import { useState } from 'react';
import { useOverview } from '../../hooks/useUsage.ts';
import { useView } from '../../hooks/useView.ts';
import { describeOverTime, overTimeTitle } from '../../logic/chart/describe.ts';
import { METRIC_LABEL, type ShownMetric, shownValue } from '../../logic/metric.ts';
import { addDays } from '../../logic/range.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
import { unpricedNote } from '../UsageSummary/UsageSummary.tsx';
import { Bars } from './Bars.tsx';
import { PointsTable } from './PointsTable.tsx';

/** One metric over the range, bar by bar, with the period before as a line. */
export function UsageChart({ metric = 'calls' }: { metric?: ShownMetric }) {
  const { data, error, isPlaceholderData, isFetching, refetch } = useOverview();
  const [asTable, setAsTable] = useState(false);
  const granularity = (data?.granularity ?? 'day') as Granularity;
  const title = overTimeTitle(METRIC_LABEL[metric], granularity);
  return (
    <Card
      title={title}
      busy={isPlaceholderData}
      className="mw-card-chart"
      summary={data && !error && describeOverTime(metric, granularity, data.total, data.buckets, data.series)}
      actions={data && !error && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
    >
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : data ? (
        <ChartBody answer={data} metric={metric} granularity={granularity} title={title} asTable={asTable} />
      ) : (
        <Skeleton label={title.toLowerCase()} className="mw-skeleton-chart" />
      )}
    </Card>
  );
}

interface ChartBodyProps {
  answer: UsageAnswer;
  metric: ShownMetric;
  granularity: Granularity;
  title: string;
  asTable: boolean;
}

function ChartBody({ answer, metric, granularity, title, asTable }: ChartBodyProps) {
  const { setRange } = useView();
  const summary = describeOverTime(metric, granularity, answer.total, answer.buckets, answer.series);
  const openBucket = zoomOf(granularity);
  return (
    <Figure label={`${title}. ${summary}`}>
      {asTable ? (
        <PointsTable answer={answer} metric={metric} granularity={granularity} title={title} />
      ) : (
        <Bars
          answer={answer}
          metric={metric}
          granularity={granularity}
          onOpen={
            openBucket &&
            ((index) => {
              const bucket = answer.buckets[index];
              if (bucket) setRange(openBucket(bucket.label));
            })
          }
        />
      )}
      <figcaption className="mw-figure-foot">
        {!asTable && <Legend metric={metric} answer={answer} />}
        {metric === 'cost' && unpricedNote(answer.total.unpriced_calls ?? 0)}
        <span className="mw-figure-zone">{answer.tz}</span>
      </figcaption>
    </Figure>
  );
}

/** Days open into their hours and weeks into their days; an hour has nothing inside. */
function zoomOf(granularity: Granularity): ((label: string) => { from: string; to: string }) | undefined {
  if (granularity === 'day') return (label) => ({ from: label, to: addDays(label, 1) });
  if (granularity === 'week') return (label) => ({ from: label, to: addDays(label, 7) });
  return undefined;
}

function Legend({ metric, answer }: { metric: ShownMetric; answer: UsageAnswer }) {
  return (
    <span className="mw-legend">
      <span className="mw-legend-item">
        <span className="mw-legend-bar" aria-hidden="true" />
        {METRIC_LABEL[metric]}
      </span>
      {answer.compared && shownValue(answer.compared.total, metric).number > 0 && (
        <span className="mw-legend-item">
          <span className="mw-legend-line" aria-hidden="true" />
          Previous period
        </span>
      )}
    </span>
  );
}
