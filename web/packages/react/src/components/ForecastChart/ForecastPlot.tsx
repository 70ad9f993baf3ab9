'use client';

import type { Budget, UsageForecast } from '@meterwire/client';
import { useState } from 'react';
import { useRoving } from '../../hooks/useRoving.ts';
import { useWidth } from '../../hooks/useWidth.ts';
import { axisWidth, bands, type Plot, valueScale } from '../../logic/chart/scale.ts';
import { isFarAbove } from '../../logic/forecast.ts';
import { tickFormatter } from '../../logic/metric.ts';
import { Grid } from '../UsageChart/Grid.tsx';
import { BudgetLine } from './BudgetLine.tsx';
import { CourseMarks } from './CourseMarks.tsx';
import { DayMarks } from './DayMarks.tsx';
import { DayTicks } from './DayTicks.tsx';
import { ForecastTip } from './ForecastTip.tsx';
import { type ForecastMode, pointsOf } from './points.ts';

const HEIGHT = 240;
const TOP = 30;
const BOTTOM = 28;
/** The bounds of the whole period stand beside its last day. */
const RIGHT = { running: 20, each: 8 };

const AXIS_UNIT: Record<string, string> = { usd: 'US dollars', tokens: 'tokens', calls: 'calls' };

export interface ForecastPlotProps {
  answer: UsageForecast;
  budget: Budget | null;
  mode: ForecastMode;
}

/** The period day by day, each alone or running up: what was used, what is expected, and between what. */
export function ForecastPlot({ answer, budget, mode }: ForecastPlotProps) {
  const [frame, width] = useWidth<HTMLDivElement>(520);
  const [active, setActive] = useState<number | null>(null);
  const points = pointsOf(answer, mode);
  const today = Math.max(
    0,
    answer.days.findLastIndex(({ actual }) => actual !== null && actual !== undefined),
  );
  const roving = useRoving(points.length, today);

  // A budget is about the whole period, so there is no line of it beside single days.
  const shownBudget = mode === 'running' ? budget : null;
  const isAbove = shownBudget !== null && isFarAbove(shownBudget, answer);
  const amount = shownBudget && !isAbove ? Number(shownBudget.amount_usd) : 0;
  const scale = valueScale(
    Math.max(amount, ...points.map(({ highest }) => highest)),
    4,
    answer.unit !== 'usd',
  );
  const tickText = tickFormatter(answer.unit === 'usd' ? 'cost' : 'tokens', scale.step);
  const left = axisWidth(scale.ticks.map(tickText));
  const plot: Plot = {
    left,
    top: TOP,
    width: Math.max(1, width - left - RIGHT[mode]),
    height: HEIGHT - TOP - BOTTOM,
  };
  const places = bands(points.length, plot);
  const shown = active === null ? undefined : points[active];
  const Marks = mode === 'running' ? CourseMarks : DayMarks;

  return (
    <div className="mw-plot mw-forecast-plot" ref={frame}>
      <svg
        className="mw-svg"
        width={width}
        height={HEIGHT}
        role="group"
        aria-label="Days, move with the arrow keys"
        {...roving.containerProps}
      >
        <Grid scale={scale} plot={plot} tickText={tickText} unit={AXIS_UNIT[answer.unit] ?? answer.unit} />
        {shownBudget && <BudgetLine budget={shownBudget} scale={scale} plot={plot} isFarAbove={isAbove} />}
        <Marks answer={answer} places={places} scale={scale} plot={plot} active={active} />
        {points.map((point, at) => {
          const band = places[at];
          if (!band) return null;
          const itemProps = roving.itemProps(at);
          return (
            <rect
              key={point.date}
              className="mw-trend-hit"
              role="img"
              aria-label={point.spoken}
              x={band.hitX}
              y={plot.top}
              width={band.hitWidth}
              height={plot.height}
              {...itemProps}
              onFocus={() => {
                itemProps.onFocus();
                setActive(at);
              }}
              onBlur={() => setActive(null)}
              onPointerEnter={() => setActive(at)}
              onPointerLeave={() => setActive(null)}
            />
          );
        })}
        <DayTicks dates={points.map(({ date }) => date)} places={places} plot={plot} />
      </svg>
      {shown && active !== null && (
        <ForecastTip point={shown} x={places[active]?.center ?? 0} frameWidth={width} />
      )}
    </div>
  );
}
