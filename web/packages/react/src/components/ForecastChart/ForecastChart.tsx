'use client';

import type { Budget, Me, UsageForecast } from '@meterwire/client';
import { useState } from 'react';
import { useBudgets } from '../../hooks/useMoney.ts';
import { useForecast } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { todayInZone } from '../../logic/dates.ts';
import { drillOf } from '../../logic/drill.ts';
import {
  amountExact,
  amountText,
  budgetOf,
  describeForecast,
  intervalsOf,
  isFarAbove,
  METHOD_LABEL,
  pastErrorText,
} from '../../logic/forecast.ts';
import { METRIC_LABEL, type ShownMetric } from '../../logic/metric.ts';
import { formatUsd } from '../../logic/money.ts';
import { isRunning } from '../../logic/period.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { LogLink } from '../LogLink/LogLink.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Segments } from '../Segments/Segments.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ForecastPlot } from './ForecastPlot.tsx';
import { ForecastTable } from './ForecastTable.tsx';
import type { ForecastMode } from './points.ts';

export interface ForecastChartProps {
  me: Me;
  metric: ShownMetric;
  tz: string;
}

/** Errors are not forecast: money is shown then. */
function forecastMetric(metric: ShownMetric): 'cost' | 'tokens' | 'calls' {
  return metric === 'errors' ? 'cost' : metric;
}

/** What the running period will come to, between what, against its budget, and how well such forecasts did. */
export function ForecastChart({ me, metric, tz }: ForecastChartProps) {
  const { view } = useView();
  const asked = forecastMetric(metric);
  const running = isRunning(view.range, todayInZone(new Date(), tz), new Date());
  const query = useForecast(asked, running);
  const { data, error, isPlaceholderData } = query;
  const [asTable, setAsTable] = useState(false);
  const budget = useFittingBudget(me, asked, running ? data : undefined);
  const title = `${METRIC_LABEL[asked]} forecast`;
  const isShown = running && data !== undefined && !error;
  return (
    <Card
      title={title}
      busy={isPlaceholderData}
      className="mw-card-forecast"
      summary={isShown && describeForecast(data, budget)}
      actions={isShown && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
    >
      {running ? (
        <Asked query={query} label={title.toLowerCase()} skeleton="mw-skeleton-breakdown">
          {(answer) => <ForecastBody answer={answer} budget={budget} title={title} asTable={asTable} />}
        </Asked>
      ) : (
        <EmptyRange>A forecast is of a period that still runs. This one is over.</EmptyRange>
      )}
    </Card>
  );
}

/** Members do not see budgets, and only money has one. */
function useFittingBudget(me: Me, metric: string, answer: UsageForecast | undefined): Budget | null {
  const { view } = useView();
  const budgets = useBudgets({ enabled: me.role !== 'member' && me.role !== 'ingest' });
  if (metric !== 'cost' || !answer || me.role === 'member') return null;
  const known = budgets.data?.pages.flatMap(({ items }) => items) ?? [];
  return budgetOf(known, view.filters, answer);
}

interface ForecastBodyProps {
  answer: UsageForecast;
  budget: Budget | null;
  title: string;
  asTable: boolean;
}

const MODES = [
  { value: 'running', label: 'Cumulative' },
  { value: 'each', label: 'Each day' },
] as const;

/** Fewer days make no course. */
const DAYS_OF_A_COURSE = 3;

function ForecastBody({ answer, budget, title, asTable }: ForecastBodyProps) {
  const { view } = useView();
  const { forecast } = answer;
  const [mode, setMode] = useState<ForecastMode>('running');
  const isPlotted = !asTable && answer.days.length >= DAYS_OF_A_COURSE;
  const soFar = drillOf(view, answer, { from: answer.from, to: answer.to });
  return (
    <Figure label={`${title}. ${describeForecast(answer, budget)}`}>
      <dl className="mw-ministats mw-ministats-above">
        <MiniStat
          label="So far"
          value={
            <LogLink drill={soFar}>
              <span title={amountExact(answer.actual_to_date)}>{amountText(answer.actual_to_date)}</span>
            </LogLink>
          }
        />
        <MiniStat
          label="Expected"
          value={<span title={amountExact(forecast.mean)}>{amountText(forecast.mean)}</span>}
          {...(forecast.low_80 !== null && forecast.low_80 !== undefined
            ? { note: `${amountText(forecast.low_80)} – ${amountText(forecast.high_80)} with 80 %` }
            : {})}
        />
        {budget && <MiniStat label="Budget" value={formatUsd(budget.amount_usd)} note={budget.name} />}
      </dl>
      {asTable && <ForecastTable answer={answer} title={title} />}
      {isPlotted && (
        <>
          <div className="mw-trend-controls">
            <Segments
              legend="Each day of the forecast alone or running up"
              choices={MODES}
              chosen={mode}
              onChoose={setMode}
            />
          </div>
          <ForecastPlot answer={answer} budget={budget} mode={mode} />
        </>
      )}
      <figcaption className="mw-figure-foot mw-forecast-foot">
        {isPlotted && (
          <ForecastLegend
            mode={mode}
            hasBounds={intervalsOf(forecast).within80 !== null}
            hasBudget={mode === 'running' && budget !== null && !isFarAbove(budget, answer)}
          />
        )}
        <span>{pastErrorText(answer)}</span>
        <span title={answer.reason}>{METHOD_LABEL[answer.method] ?? answer.method}.</span>
      </figcaption>
    </Figure>
  );
}

interface LegendProps {
  mode: ForecastMode;
  hasBounds: boolean;
  hasBudget: boolean;
}

function ForecastLegend({ mode, hasBounds, hasBudget }: LegendProps) {
  const isRunning = mode === 'running';
  return (
    <ul className="mw-legend mw-trend-legend">
      <li className="mw-legend-item">
        <span className={isRunning ? 'mw-legend-solid' : 'mw-legend-bar'} aria-hidden="true" />
        {isRunning ? 'So far' : 'Used'}
      </li>
      <li className="mw-legend-item">
        <span className={isRunning ? 'mw-legend-dots' : 'mw-legend-mean'} aria-hidden="true" />
        Expected
      </li>
      {hasBounds && (
        <li className="mw-legend-item">
          <span className="mw-legend-band" aria-hidden="true" />
          80 % and 95 % bounds{isRunning ? ' of the whole period' : ' of the day'}
        </li>
      )}
      {hasBudget && (
        <li className="mw-legend-item">
          <span className="mw-legend-budget" aria-hidden="true" />
          Budget
        </li>
      )}
    </ul>
  );
}
