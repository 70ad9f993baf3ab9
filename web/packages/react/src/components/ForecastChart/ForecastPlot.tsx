'use client';

import type { Budget, UsageForecast } from '@meterwire/client';
import { useState } from 'react';
import { useRoving } from '../../hooks/useRoving.ts';
import { useWidth } from '../../hooks/useWidth.ts';
import {
  type Band,
  bands,
  labelledIndexes,
  linePath,
  type Plot,
  type ValueScale,
  valueScale,
  yOf,
} from '../../logic/chart/scale.ts';
import { axisLabel, bucketLabel } from '../../logic/dates.ts';
import {
  amountText,
  type CoursePoint,
  courseOf,
  highestOf,
  isFarAbove,
  placeOf,
} from '../../logic/forecast.ts';
import { tickFormatter } from '../../logic/metric.ts';
import { formatUsd } from '../../logic/money.ts';
import { Grid } from '../UsageChart/Grid.tsx';

const HEIGHT = 240;
const TOP = 30;
const BOTTOM = 28;
const RIGHT = 8;
const CHARACTER_WIDTH = 6.6;
const TIP_WIDTH = 208;

const AXIS_UNIT: Record<string, string> = { usd: 'US dollars', tokens: 'tokens', calls: 'calls' };

interface ForecastPlotProps {
  answer: UsageForecast;
  budget: Budget | null;
}

/** The course of the period running up: what was used, what is expected, between what, and the budget. */
export function ForecastPlot({ answer, budget }: ForecastPlotProps) {
  const [frame, width] = useWidth<HTMLDivElement>(520);
  const [active, setActive] = useState<number | null>(null);
  const course = courseOf(answer);
  const now = Math.max(
    0,
    course.findLastIndex(({ actual }) => actual !== null),
  );
  const roving = useRoving(course.length, now);

  const amount = budget ? Number(budget.amount_usd) : 0;
  const isAbove = budget !== null && isFarAbove(budget, answer);
  const largest = Math.max(
    highestOf(answer),
    isAbove ? 0 : amount,
    ...course.map(({ actual, expected }) => expected ?? actual ?? 0),
  );
  const scale = valueScale(largest, 4, answer.unit !== 'usd');
  const tickText = tickFormatter(answer.unit === 'usd' ? 'cost' : 'tokens', scale.step);
  const left = Math.max(...scale.ticks.map((tick) => tickText(tick).length)) * CHARACTER_WIDTH + 12;
  const plot: Plot = {
    left,
    top: TOP,
    width: Math.max(1, width - left - RIGHT),
    height: HEIGHT - TOP - BOTTOM,
  };
  const places = bands(course.length, plot);
  const point = (index: number, value: number) => ({
    x: places[index]?.center ?? 0,
    y: yOf(value, scale, plot),
  });
  const shown = active === null ? undefined : course[active];
  const center = active === null ? 0 : (places[active]?.center ?? 0);

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
        <Wedges
          answer={answer}
          from={point(now, course[now]?.actual ?? 0)}
          last={course.length - 1}
          point={point}
        />
        {budget && <BudgetLine budget={budget} scale={scale} plot={plot} isFarAbove={isAbove} />}
        <g aria-hidden="true">
          <path
            className="mw-forecast-line"
            d={linePath(
              course.flatMap(({ expected }, at) => (expected === null ? [] : [point(at, expected)])),
            )}
          />
          <path
            className="mw-actual-line"
            d={linePath(course.flatMap(({ actual }, at) => (actual === null ? [] : [point(at, actual)])))}
          />
          {shown && active !== null && (
            <circle
              className="mw-course-dot"
              cx={center}
              cy={point(active, shown.expected ?? shown.actual ?? 0).y}
              r={4}
            />
          )}
        </g>
        {course.map((one, at) => {
          const band = places[at];
          if (!band) return null;
          const itemProps = roving.itemProps(at);
          return (
            <rect
              key={one.date}
              className="mw-trend-hit"
              role="img"
              aria-label={spoken(one, answer)}
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
        <Ticks course={course} places={places} plot={plot} />
      </svg>
      {shown && (
        <div
          className="mw-tip"
          style={{ left: Math.max(0, Math.min(width - TIP_WIDTH, center - TIP_WIDTH / 2)), width: TIP_WIDTH }}
          aria-hidden="true"
        >
          <p className="mw-tip-title">By the end of {bucketLabel(shown.date, 'day')}</p>
          {shown.actual !== null && (
            <p className="mw-tip-row">
              <span>So far</span>
              <strong>{roundText(shown.actual, answer.unit)}</strong>
            </p>
          )}
          {shown.expected !== null && (
            <p className="mw-tip-row">
              <span>Expected</span>
              <strong>{roundText(shown.expected, answer.unit)}</strong>
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** The course is drawn with numbers that are rounded; what is exact stands beside it. */
function roundText(value: number, unit: string): string {
  return amountText(unit === 'usd' ? value.toFixed(2) : Math.round(value));
}

function spoken({ date, actual, expected }: CoursePoint, { unit }: UsageForecast): string {
  const parts = [
    ...(actual === null ? [] : [`${roundText(actual, unit)} so far`]),
    ...(expected === null ? [] : [`${roundText(expected, unit)} expected`]),
  ];
  return `By the end of ${bucketLabel(date, 'day')}: ${parts.join(', ')}`;
}

interface Point {
  x: number;
  y: number;
}

interface WedgesProps {
  answer: UsageForecast;
  from: Point;
  last: number;
  point: (index: number, value: number) => Point;
}

/** The bounds are known for the end of the period; from now to there they open like a fan. */
function Wedges({ answer, from, last, point }: WedgesProps) {
  const { low_80, high_80, low_95, high_95 } = answer.forecast;
  return (
    <g aria-hidden="true">
      {[
        { name: '95', low: placeOf(low_95), high: placeOf(high_95) },
        { name: '80', low: placeOf(low_80), high: placeOf(high_80) },
      ].map(({ name, low, high }) => {
        if (low === null || high === null) return null;
        const [top, bottom] = [point(last, high), point(last, low)];
        return (
          <path
            key={name}
            className={`mw-wedge mw-wedge-${name}`}
            d={`M${from.x},${from.y}L${top.x},${top.y}L${bottom.x},${bottom.y}Z`}
          />
        );
      })}
    </g>
  );
}

interface BudgetLineProps {
  budget: Budget;
  scale: ValueScale;
  plot: Plot;
  isFarAbove: boolean;
}

function BudgetLine({ budget, scale, plot, isFarAbove }: BudgetLineProps) {
  const y = isFarAbove ? plot.top : Math.round(yOf(Number(budget.amount_usd), scale, plot)) + 0.5;
  return (
    <g aria-hidden="true">
      {!isFarAbove && (
        <line className="mw-budget-line" x1={plot.left} x2={plot.left + plot.width} y1={y} y2={y} />
      )}
      <text className="mw-budget-text" x={plot.left + plot.width} y={y - 6} textAnchor="end">
        Budget {formatUsd(budget.amount_usd)}
        {isFarAbove && ', far above ↑'}
      </text>
    </g>
  );
}

interface TicksProps {
  course: readonly CoursePoint[];
  places: readonly Band[];
  plot: Plot;
}

function Ticks({ course, places, plot }: TicksProps) {
  return (
    <g aria-hidden="true">
      {labelledIndexes(course.length, plot.width, 64, false).map((at) => {
        const band = places[at];
        const one = course[at];
        if (!band || !one) return null;
        return (
          <text
            key={one.date}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {axisLabel(one.date, 'day')}
          </text>
        );
      })}
    </g>
  );
}
