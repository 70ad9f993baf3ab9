'use client';

import type { Dimension, Granularity, UsageAnswer } from '@meterwire/client';
import { useState } from 'react';
import { usePricesOf, useRanking, useTrend } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { type CompareChoice, compareText } from '../../logic/compare.ts';
import { GRANULARITY_LABEL, granularitiesOf, STACK_TOP, trendOf, widthOf } from '../../logic/chart/trend.ts';
import { describeTrend, trendTitle } from '../../logic/chart/trendWords.ts';
import { METRIC_LABEL, SHOWN_METRICS, type ShownMetric } from '../../logic/metric.ts';
import { rangeOfInstants } from '../../logic/period.ts';
import { priceChanges } from '../../logic/priceChanges.ts';
import { DIMENSIONS } from '../../logic/range.ts';
import type { TrendState } from '../../logic/usageStats.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { DIMENSION_LABEL } from '../FilterBar/FilterBar.tsx';
import { Segments } from '../Segments/Segments.tsx';
import { Asked } from '../States/Asked.tsx';
import { TrendBody } from './TrendBody.tsx';

export interface UsageTrendProps {
  state: TrendState;
  onStateChange: (state: TrendState) => void;
  compare: CompareChoice;
}

const PRICED_MODELS = 6;

/** One metric over the range: by itself or stacked, each bar alone or running up, with what it is compared with. */
export function UsageTrend({ state, onStateChange, compare }: UsageTrendProps) {
  const { view, setRange } = useView();
  const [asTable, setAsTable] = useState(false);
  const widths = granularitiesOf(view.range);
  const wanted = widthOf(view.range, state.by);
  const query = useTrend({ ...state, granularity: wanted, top: STACK_TOP, compare });
  const { data, error, isPlaceholderData } = query;
  const granularity = (data?.granularity ?? wanted) as Granularity;
  const stackedBy = (data?.group_by[0] as Dimension | undefined) ?? null;
  const title = trendTitle(state.metric, granularity, state.mode, stackedBy && DIMENSION_LABEL[stackedBy]);
  const changes = usePriceChanges(data, state.metric);
  return (
    <Card
      title={title}
      busy={isPlaceholderData}
      className="mw-card-trend"
      summary={data && !error && describeTrend(data, state.metric, granularity)}
      actions={data && !error && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
    >
      <Controls state={state} onStateChange={onStateChange} widths={widths} width={wanted} />
      <Asked query={query} label={title.toLowerCase()} skeleton="mw-skeleton-chart">
        {(answer) => (
          <TrendBody
            answer={answer}
            trend={trendOf(answer, state.mode)}
            metric={state.metric}
            granularity={granularity}
            mode={state.mode}
            title={title}
            asTable={asTable}
            beforeLabel={compareText(compare)}
            priceChanges={changes}
            onZoom={(from, to) => setRange(rangeOfInstants(from, to, answer.tz))}
          />
        )}
      </Asked>
    </Card>
  );
}

/** Prices are about money: other metrics are not annotated with them. */
function usePriceChanges(answer: UsageAnswer | undefined, metric: ShownMetric) {
  const models = useRanking('model', 'cost', PRICED_MODELS).data;
  const names = (models?.groups ?? []).flatMap(({ key }) => (key[0] ? [key[0]] : []));
  const { data: prices } = usePricesOf(metric === 'cost' ? names : []);
  return answer && prices && metric === 'cost' ? priceChanges(prices, answer) : [];
}

interface ControlsProps extends Pick<UsageTrendProps, 'state' | 'onStateChange'> {
  widths: readonly Granularity[];
  width: Granularity;
}

const METRIC_CHOICES = SHOWN_METRICS.map((value) => ({ value, label: METRIC_LABEL[value] }));
const MODE_CHOICES = [
  { value: 'each', label: 'Each' },
  { value: 'running', label: 'Cumulative' },
] as const;

function Controls({ state, onStateChange, widths, width }: ControlsProps) {
  return (
    <div className="mw-trend-controls">
      <Segments
        legend="Metric of the chart"
        choices={METRIC_CHOICES}
        chosen={state.metric}
        onChoose={(metric) => onStateChange({ ...state, metric })}
      />
      <Segments
        legend="Each bar alone or running up"
        choices={MODE_CHOICES}
        chosen={state.mode}
        onChoose={(mode) => onStateChange({ ...state, mode })}
      />
      {widths.length > 1 && (
        <Segments
          legend="Width of a bar"
          choices={widths.map((value) => ({ value, label: GRANULARITY_LABEL[value] }))}
          chosen={width}
          onChoose={(by) => onStateChange({ ...state, by: by === widths[0] ? undefined : by })}
        />
      )}
      <label className="mw-trend-stack">
        <span>Stacked by</span>
        <select
          className="mw-select"
          value={state.stack ?? ''}
          onChange={(event) =>
            onStateChange({
              ...state,
              stack: DIMENSIONS.find((dimension) => dimension === event.target.value) ?? null,
            })
          }
        >
          <option value="">Nothing</option>
          {DIMENSIONS.map((dimension) => (
            <option key={dimension} value={dimension}>
              {DIMENSION_LABEL[dimension]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
