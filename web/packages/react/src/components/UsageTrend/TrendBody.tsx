'use client';

import type { Granularity, UsageAnswer } from '@meterwire/client';
import { useId } from 'react';
import { useOthers } from '../../hooks/useOthers.ts';
import { useErrorStatuses } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import type { Trend, TrendMode } from '../../logic/chart/trend.ts';
import { describeTrend } from '../../logic/chart/trendWords.ts';
import { type Drill, drillOf, momentsOf, narrowed } from '../../logic/drill.ts';
import { METRIC_LABEL, type ShownMetric, shownValue } from '../../logic/metric.ts';
import type { PriceChange } from '../../logic/priceChanges.ts';
import { SeriesPatterns, Swatch } from '../BreakdownChart/Marker.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { LogLink, useLogWays } from '../LogLink/LogLink.tsx';
import { TrendChart } from '../TrendChart/TrendChart.tsx';
import { unpricedNote } from '../UsageSummary/UsageSummary.tsx';
import { TrendTable } from './TrendTable.tsx';

export interface TrendBodyProps {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  granularity: Granularity;
  mode: TrendMode;
  title: string;
  asTable: boolean;
  beforeLabel: string;
  priceChanges: readonly PriceChange[];
  onZoom: (from: string, to: string) => void;
}

/** The chart or its table, with what leads from every bar and every part of one to its rows. */
export function TrendBody(props: TrendBodyProps) {
  const { answer, trend, metric, granularity, mode, title, asTable, beforeLabel, priceChanges } = props;
  const { view } = useView();
  const ways = useLogWays();
  const others = useOthers();
  const errorStatuses = useErrorStatuses();

  /** The rows of a bar; of a running total those of all bars up to it. */
  const drillAt = (bar: number, part: number | null): Drill | null => {
    const bucket = trend.buckets[bar];
    if (!bucket) return null;
    const moments = momentsOf(bucket, answer);
    const from = mode === 'running' ? answer.from : moments.from;
    const all = drillOf(view, answer, { from, to: moments.to });
    // Only failed calls make a number of errors.
    if (metric === 'errors' && errorStatuses.length === 0) return null;
    const drill = metric === 'errors' ? narrowed(all, 'status', errorStatuses) : all;
    const series = part === null ? undefined : trend.series[part];
    if (!series || trend.dimension === null) return drill;
    return series.value === null ? null : narrowed(drill, trend.dimension, [series.value]);
  };
  const drillBefore = (bar: number): Drill | null => {
    const { compared } = answer;
    const bucket = compared?.buckets[bar];
    if (!compared || !bucket || mode === 'running' || metric === 'errors') return null;
    return drillOf(view, answer, momentsOf(bucket, compared));
  };
  const open = (bar: number, part: number | null) => {
    const drill = drillAt(bar, part);
    if (drill) ways?.open(drill);
    else if (trend.dimension !== null) {
      // The rest has no name that a filter could take: it is what is beside the parts that have one.
      const shown = trend.series.flatMap(({ value }) => (value === null ? [] : [value]));
      const whole = drillAt(bar, null);
      if (whole) others.find(whole, trend.dimension, shown, (found) => ways?.open(found));
    }
  };
  const zoom = (first: number, last: number) => {
    const [a, b] = [trend.buckets[first], trend.buckets[last]];
    // Nothing is inside of the smallest bar.
    if (!a || !b || (granularity === '15m' && first === last)) return;
    props.onZoom(momentsOf(a, answer).from, momentsOf(b, answer).to);
  };
  return (
    <Figure label={`${title}. ${describeTrend(answer, metric, granularity)}`}>
      {asTable ? (
        <TrendTable
          answer={answer}
          trend={trend}
          metric={metric}
          granularity={granularity}
          mode={mode}
          title={title}
          beforeLabel={beforeLabel}
          drillAt={drillAt}
          drillBefore={drillBefore}
        />
      ) : (
        <TrendChart
          answer={answer}
          trend={trend}
          metric={metric}
          granularity={granularity}
          beforeLabel={beforeLabel}
          priceChanges={priceChanges}
          onOpen={ways ? open : undefined}
          onZoom={zoom}
        />
      )}
      <figcaption className="mw-figure-foot">
        {!asTable && <TrendLegend answer={answer} trend={trend} metric={metric} beforeLabel={beforeLabel} />}
        {metric === 'cost' && unpricedNote(answer.total.unpriced_calls ?? 0)}
        {others.problem && (
          <span className="mw-problem" role="alert">
            {others.problem}
          </span>
        )}
        <span className="mw-figure-zone">{answer.tz}</span>
      </figcaption>
      {priceChanges.length > 0 && (
        <ul className="mw-price-changes" aria-label="Price changes in this range">
          {priceChanges.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Figure>
  );
}

interface TrendLegendProps {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  beforeLabel: string;
}

/** Which part is which, with what it has in all; each leads to its rows and can be the only one shown. */
function TrendLegend({ answer, trend, metric, beforeLabel }: TrendLegendProps) {
  const { view } = useView();
  const idBase = useId();
  const { dimension } = trend;
  return (
    <ul className="mw-legend mw-trend-legend">
      {dimension === null ? (
        <li className="mw-legend-item">
          <span className="mw-legend-bar" aria-hidden="true" />
          {METRIC_LABEL[metric]}
        </li>
      ) : (
        <>
          <li className="mw-hidden" aria-hidden="true">
            <svg width="0" height="0">
              <SeriesPatterns idBase={idBase} />
            </svg>
          </li>
          {trend.series.map((series) => (
            <li className="mw-legend-item" key={`${series.value}`}>
              <Swatch series={series.look} idBase={idBase} />
              <span className="mw-legend-name">{series.name}</span>
              <LogLink
                drill={
                  series.value === null ? null : narrowed(drillOf(view, answer), dimension, [series.value])
                }
              >
                {shownValue(series.total, metric).text}
              </LogLink>
            </li>
          ))}
        </>
      )}
      {answer.compared && shownValue(answer.compared.total, metric).number > 0 && (
        <li className="mw-legend-item">
          <span className="mw-legend-line" aria-hidden="true" />
          {beforeLabel}
        </li>
      )}
    </ul>
  );
}
