'use client';

import { useState } from 'react';
import { type Roving, useRoving } from '../../hooks/useRoving.ts';
import { useSize } from '../../hooks/useWidth.ts';
import {
  axisWidth,
  type Band,
  bands,
  barPath,
  DIGIT_WIDTH,
  labelledIndexes,
  type Plot,
  valueScale,
  yOf,
} from '../../logic/chart/scale.ts';
import { formatCompact } from '../../logic/number.ts';
import { Grid } from '../UsageChart/Grid.tsx';

export interface BarPoint {
  key: string;
  /** In full, for whoever reads only this bar. */
  name: string;
  /** Under the axis, where there is little room. */
  tick: string;
  /** For placing only. */
  value: number;
  /** The value with its unit, as it is read. */
  text: string;
  /** Its time is not over yet, so it will grow. */
  partial?: boolean;
  /** It stands above its mark. */
  over?: boolean;
  /** A value to compare it with, drawn as a line across the bar. */
  mark?: number;
  markText?: string;
}

export interface BarsProps {
  points: readonly BarPoint[];
  /** Written above the axis. */
  unit: string;
  wholeNumbers: boolean;
  tickText?: (tick: number, step: number) => string;
  /** About how many pixels a label under the axis needs. */
  tickWidth?: number;
  areHours?: boolean;
}

const TOP = 26;
const BOTTOM = 26;
const TIP_WIDTH = 176;

/** What fits beside the axis; the whole of it stands in the title of what is drawn. */
function shortened(text: string, width: number): string {
  const most = Math.floor(width / DIGIT_WIDTH);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A bar a stretch of time, oldest first: one tab stop, arrows between them. */
export function Bars(props: BarsProps) {
  const { points, unit, wholeNumbers, tickText = formatCompact, tickWidth = 58, areHours = false } = props;
  const [frame, { width, height }] = useSize<HTMLDivElement>(520, 280);
  const [active, setActive] = useState<number | null>(null);
  const roving = useRoving(points.length, points.length - 1);
  const largest = Math.max(0, ...points.map(({ value, mark = 0 }) => Math.max(value, mark)));
  const scale = valueScale(largest, 3, wholeNumbers);
  const tickOf = (tick: number) => tickText(tick, scale.step);
  const left = axisWidth(scale.ticks.map(tickOf));
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
        <Grid scale={scale} plot={plot} tickText={tickOf} unit={shortened(unit, width)} />
        <Ticks points={points} places={places} plot={plot} tickWidth={tickWidth} areHours={areHours} />
        {points.map((point, index) => {
          const band = places[index];
          if (!band) return null;
          return (
            <Bar
              key={point.key}
              point={point}
              band={band}
              plot={plot}
              top={yOf(point.value, scale, plot)}
              active={active === index}
              rovingProps={roving.itemProps(index)}
              onActive={(on) => setActive(on ? index : null)}
            />
          );
        })}
        <Marks points={points} places={places} at={(value) => yOf(value, scale, plot)} />
      </svg>
      {shown && (
        <div
          className="mw-tip"
          style={{ left: Math.max(0, Math.min(width - TIP_WIDTH, center - TIP_WIDTH / 2)), width: TIP_WIDTH }}
          aria-hidden="true"
        >
          <p className="mw-tip-title">{shown.name}</p>
          <p className="mw-tip-row">
            <strong>{shown.text}</strong>
          </p>
          {shown.markText && <p className="mw-tip-previous">{shown.markText}</p>}
        </div>
      )}
    </div>
  );
}

interface BarProps {
  point: BarPoint;
  band: Band;
  plot: Plot;
  top: number;
  active: boolean;
  rovingProps: ReturnType<Roving['itemProps']>;
  onActive: (on: boolean) => void;
}

function Bar({ point, band, plot, top, active, rovingProps, onActive }: BarProps) {
  const bottom = plot.top + plot.height;
  // A value above zero is always visible, however small it is beside the largest.
  const visibleTop = Math.min(top, bottom - 1.5);
  return (
    <g
      className={`mw-bar ${active ? 'mw-bar-active' : ''} ${point.partial ? 'mw-bar-partial' : ''} ${point.over ? 'mw-bar-over' : ''}`}
      role="img"
      aria-label={`${point.name}${point.partial ? ', so far' : ''}: ${point.text}${point.markText ? `, ${point.markText}` : ''}`}
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

interface MarksProps {
  points: readonly BarPoint[];
  places: readonly Band[];
  at: (value: number) => number;
}

/** What the bars are compared with, a short line each; it carries its own ground to be seen on a bar too. */
function Marks({ points, places, at }: MarksProps) {
  return (
    <g aria-hidden="true">
      {points.map(({ key, mark }, index) => {
        const band = places[index];
        if (!band || mark === undefined) return null;
        const y = Math.round(at(mark)) + 0.5;
        const x1 = band.hitX + Math.min(3, band.hitWidth * 0.1);
        const x2 = band.hitX + band.hitWidth - Math.min(3, band.hitWidth * 0.1);
        return (
          <g key={key}>
            <line className="mw-previous-halo" x1={x1} x2={x2} y1={y} y2={y} />
            <line className="mw-mark" x1={x1} x2={x2} y1={y} y2={y} />
          </g>
        );
      })}
    </g>
  );
}

interface TicksProps {
  points: readonly BarPoint[];
  places: readonly Band[];
  plot: Plot;
  tickWidth: number;
  areHours: boolean;
}

function Ticks({ points, places, plot, tickWidth, areHours }: TicksProps) {
  return (
    <g aria-hidden="true">
      {labelledIndexes(points.length, plot.width, tickWidth, areHours).map((index) => {
        const band = places[index];
        const point = points[index];
        if (!band || !point) return null;
        return (
          <text
            key={point.key}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {point.tick}
          </text>
        );
      })}
    </g>
  );
}
