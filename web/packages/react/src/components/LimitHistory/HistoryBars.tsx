'use client';

import { useState } from 'react';
import { type Roving, useRoving } from '../../hooks/useRoving.ts';
import { useSize } from '../../hooks/useWidth.ts';
import {
  type Band,
  bands,
  barPath,
  labelledIndexes,
  type Plot,
  valueScale,
  yOf,
} from '../../logic/chart/scale.ts';
import { axisLabel, bucketLabel } from '../../logic/dates.ts';
import { formatCompact } from '../../logic/number.ts';
import { Grid } from '../UsageChart/Grid.tsx';

export interface HistoryPoint {
  date: string;
  value: number;
  /** The value with its unit, as it is read. */
  text: string;
}

export interface HistoryBarsProps {
  points: readonly HistoryPoint[];
  /** Written above the axis. */
  unit: string;
  wholeNumbers: boolean;
}

const TOP = 26;
const BOTTOM = 26;
const CHARACTER_WIDTH = 6.6;
const TIP_WIDTH = 176;

/** A bar a day, oldest first: one tab stop, arrows between them. */
export function HistoryBars({ points, unit, wholeNumbers }: HistoryBarsProps) {
  const [frame, { width, height }] = useSize<HTMLDivElement>(520, 280);
  const [active, setActive] = useState<number | null>(null);
  const roving = useRoving(points.length, points.length - 1);
  const scale = valueScale(Math.max(0, ...points.map(({ value }) => value)), 3, wholeNumbers);
  const left = Math.max(...scale.ticks.map((tick) => formatCompact(tick).length)) * CHARACTER_WIDTH + 12;
  const plot: Plot = { left, top: TOP, width: Math.max(1, width - left - 4), height: height - TOP - BOTTOM };
  const places = bands(points.length, plot);
  const shown = active === null ? undefined : points[active];
  const center = active === null ? 0 : (places[active]?.center ?? 0);
  return (
    <div className="mw-plot mw-plot-fill" ref={frame}>
      <svg
        className="mw-svg"
        width={width}
        height={height}
        role="group"
        aria-label="Bars, move with the arrow keys"
        {...roving.containerProps}
      >
        <Grid scale={scale} plot={plot} tickText={formatCompact} unit={unit} />
        <Days points={points} places={places} plot={plot} />
        {points.map((point, index) => {
          const band = places[index];
          if (!band) return null;
          return (
            <Bar
              key={point.date}
              point={point}
              band={band}
              plot={plot}
              top={yOf(point.value, scale, plot)}
              active={active === index}
              today={index === points.length - 1}
              rovingProps={roving.itemProps(index)}
              onActive={(on) => setActive(on ? index : null)}
            />
          );
        })}
      </svg>
      {shown && (
        <div
          className="mw-tip"
          style={{ left: Math.max(0, Math.min(width - TIP_WIDTH, center - TIP_WIDTH / 2)), width: TIP_WIDTH }}
          aria-hidden="true"
        >
          <p className="mw-tip-title">{bucketLabel(shown.date, 'day')}</p>
          <p className="mw-tip-row">
            <strong>{shown.text}</strong>
          </p>
        </div>
      )}
    </div>
  );
}

interface BarProps {
  point: HistoryPoint;
  band: Band;
  plot: Plot;
  top: number;
  active: boolean;
  /** Its day is not over yet, so it will grow. */
  today: boolean;
  rovingProps: ReturnType<Roving['itemProps']>;
  onActive: (on: boolean) => void;
}

function Bar({ point, band, plot, top, active, today, rovingProps, onActive }: BarProps) {
  const bottom = plot.top + plot.height;
  // A value above zero is always visible, however small it is beside the largest.
  const visibleTop = Math.min(top, bottom - 1.5);
  return (
    <g
      className={`mw-bar ${active ? 'mw-bar-active' : ''} ${today ? 'mw-bar-partial' : ''}`}
      role="img"
      aria-label={`${bucketLabel(point.date, 'day')}${today ? ', so far' : ''}: ${point.text}`}
      {...rovingProps}
      onFocus={() => {
        rovingProps.onFocus();
        onActive(true);
      }}
      onBlur={() => onActive(false)}
      onPointerEnter={() => onActive(true)}
      onPointerLeave={() => onActive(false)}
    >
      <rect className="mw-bar-hit" x={band.hitX} y={plot.top} width={band.hitWidth} height={plot.height} />
      {point.value > 0 && (
        <path className="mw-bar-fill" d={barPath(band.x, band.width, visibleTop, bottom)} />
      )}
    </g>
  );
}

interface DaysProps {
  points: readonly HistoryPoint[];
  places: readonly Band[];
  plot: Plot;
}

function Days({ points, places, plot }: DaysProps) {
  return (
    <g aria-hidden="true">
      {labelledIndexes(points.length, plot.width, 58, false).map((index) => {
        const band = places[index];
        const point = points[index];
        if (!band || !point) return null;
        return (
          <text
            key={point.date}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {axisLabel(point.date, 'day')}
          </text>
        );
      })}
    </g>
  );
}
