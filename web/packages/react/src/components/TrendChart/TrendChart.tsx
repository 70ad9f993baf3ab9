'use client';

import type { Granularity, UsageAnswer } from '@meterwire/client';
import { useId, useMemo, useRef, useState } from 'react';
import { useWidth } from '../../hooks/useWidth.ts';
import { linePath, type Plot, yOf } from '../../logic/chart/scale.ts';
import type { Trend } from '../../logic/chart/trend.ts';
import { barAt, partAt, TREND_HEIGHT, type TrendLayout, trendLayout } from '../../logic/chart/trendLayout.ts';
import { spokenBar, spokenPart } from '../../logic/chart/trendWords.ts';
import type { ShownMetric } from '../../logic/metric.ts';
import type { PriceChange } from '../../logic/priceChanges.ts';
import { SeriesPatterns } from '../BreakdownChart/Marker.tsx';
import { Grid } from '../UsageChart/Grid.tsx';
import { TrendAxis } from './TrendAxis.tsx';
import { TrendHits } from './TrendHits.tsx';
import { TrendTip } from './TrendTip.tsx';
import { type TrendCursor, useTrendCursor } from './useTrendCursor.ts';
import { useZoomDrag } from './useZoomDrag.ts';

export interface TrendChartProps {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  granularity: Granularity;
  /** What the dashed line stands for. */
  beforeLabel: string;
  priceChanges: readonly PriceChange[];
  /** Opens the rows of a bar, or of one part of it. */
  onOpen?: ((bar: number, part: number | null) => void) | undefined;
  onZoom: (first: number, last: number) => void;
}

const AXIS_UNIT: Record<ShownMetric, string> = {
  calls: 'calls',
  tokens: 'tokens',
  cost: 'US dollars',
  errors: 'errors',
};

interface Pointed {
  bar: number;
  part: number | null;
}

/** Bars over time, whole or stacked, that open into their rows and can be zoomed by dragging and by keyboard. */
export function TrendChart(props: TrendChartProps) {
  const { answer, trend, metric, granularity, onOpen, onZoom } = props;
  const [frame, width] = useWidth<HTMLDivElement>(720);
  const svg = useRef<SVGSVGElement>(null);
  const [hovered, setHovered] = useState<Pointed | null>(null);
  const patternId = useId();
  const layout = useMemo(() => trendLayout(answer, trend, metric, width), [answer, trend, metric, width]);
  const labels = useLabels(props);
  const { places } = layout;
  const cursor = useTrendCursor({
    bars: trend.whole.length,
    parts: trend.dimension === null ? 1 : trend.series.length,
    seriesKey: `${answer.from} ${answer.to} ${granularity}`,
    start: trend.whole.length - 1,
    focusBar: (bar) => svg.current?.querySelector<SVGElement>(`[data-bar="${bar}"]`)?.focus(),
    onOpen: (bar, part) => onOpen?.(bar, part),
    onZoom,
  });
  const drag = useZoomDrag({
    barAt: (x) => barAt(layout, trend, x),
    onZoom,
    onClick: (bar, y) => onOpen?.(bar, partAt(layout, trend, bar, y)),
  });
  const point = (x: number, y: number) => {
    const bar = x < layout.plot.left ? null : barAt(layout, trend, x);
    const next = bar === null ? null : { bar, part: partAt(layout, trend, bar, y) };
    setHovered((now) => (now?.bar === next?.bar && now?.part === next?.part ? now : next));
  };
  const active = cursor.focused ? { bar: cursor.bar, part: cursor.part } : hovered;
  const marked = drag.marked ?? cursor.marked;
  const place = active ? places[active.bar] : undefined;
  return (
    <div className="mw-plot mw-trend" ref={frame}>
      <svg
        ref={svg}
        className="mw-svg mw-trend-svg"
        width={width}
        height={TREND_HEIGHT}
        role="group"
        aria-label={`Bars. ${HELP}`}
        onKeyDown={cursor.onKeyDown}
        {...drag.handlers}
        onPointerMove={(event) => {
          drag.handlers.onPointerMove(event);
          const box = event.currentTarget.getBoundingClientRect();
          point(event.clientX - box.left, event.clientY - box.top);
        }}
        onPointerLeave={() => setHovered(null)}
      >
        <SeriesPatterns idBase={patternId} />
        <Drawing {...props} layout={layout} active={active} patternId={patternId} />
        <TrendHits
          trend={trend}
          places={places}
          plot={layout.plot}
          cursor={cursor}
          onOpen={onOpen && ((bar) => onOpen(bar, null))}
          labels={labels}
        />
        {marked && <Marked first={places[marked.first]} last={places[marked.last]} plot={layout.plot} />}
        <TrendAxis buckets={trend.buckets} granularity={granularity} places={places} plot={layout.plot} />
      </svg>
      {active && place && !drag.marked && (
        <TrendTip
          {...props}
          {...active}
          x={place.center}
          frameWidth={width}
          opens={onOpen !== undefined}
          patternId={patternId}
        />
      )}
      <p className="mw-hidden" role="status">
        {said(cursor, props)}
      </p>
    </div>
  );
}

const HELP =
  'Left and right move between them, up and down between parts, Enter shows the events, Shift with arrows and Enter zooms.';

/** What a screen reader hears of each bar; written once, not with every move of the pointer. */
function useLabels(props: TrendChartProps): string[] {
  const { answer, trend, metric, granularity, beforeLabel, priceChanges } = props;
  return useMemo(
    () =>
      trend.whole.map((_, bar) =>
        spokenBar({ answer, trend, metric, granularity, beforeLabel, priceChanges, bar }),
      ),
    [answer, trend, metric, granularity, beforeLabel, priceChanges],
  );
}

/** What the keys have just done, where the bar's own name does not say it. */
function said({ focused, marked, bar, part }: TrendCursor, props: TrendChartProps): string {
  if (!focused) return '';
  if (marked) return `${marked.last - marked.first + 1} bars marked. Enter zooms in, Escape lets go.`;
  return part === null ? '' : spokenPart(props.trend, props.metric, props.granularity, bar, part);
}

interface DrawingProps extends TrendChartProps {
  layout: TrendLayout;
  active: Pointed | null;
  patternId: string;
}

/** What the eye sees: the grid, a path for each part, the period before, and where prices changed. */
function Drawing({ trend, metric, priceChanges, layout, active, patternId }: DrawingProps) {
  const { scale, plot, places, layers, before } = layout;
  const place = active ? places[active.bar] : undefined;
  return (
    <>
      <Grid scale={scale} plot={plot} tickText={layout.tickText} unit={AXIS_UNIT[metric]} />
      {place && (
        <rect
          className="mw-trend-hover"
          x={place.hitX}
          y={plot.top}
          width={place.hitWidth}
          height={plot.height}
        />
      )}
      <g aria-hidden="true">
        {layers.map(({ series, path, partialPath }) => {
          const look = trend.series[series]?.look ?? 0;
          const isFaded = active !== null && active.part !== null && active.part !== series;
          const fill = `mw-trend-fill mw-series-${look} ${isFaded ? 'mw-faded' : ''}`;
          return (
            <g key={series}>
              <path className={fill} d={path} />
              <path className={`${fill} mw-trend-partial`} d={partialPath} />
              {look > 0 && <path d={`${path}${partialPath}`} fill={`url(#${patternId}-${look})`} />}
            </g>
          );
        })}
      </g>
      {before.some((value) => value > 0) && (
        <BeforeLine
          points={before.flatMap((value, bar) => pointOf(places[bar]?.center, yOf(value, scale, plot)))}
        />
      )}
      <PriceMarks changes={priceChanges} places={places} plot={plot} />
    </>
  );
}

function pointOf(x: number | undefined, y: number): { x: number; y: number }[] {
  return x === undefined ? [] : [{ x, y }];
}

function BeforeLine({ points }: { points: readonly { x: number; y: number }[] }) {
  const path = linePath(points);
  return (
    <g aria-hidden="true">
      <path className="mw-previous-halo" d={path} />
      <path className="mw-previous" d={path} />
    </g>
  );
}

interface MarkedProps {
  first: { hitX: number } | undefined;
  last: { hitX: number; hitWidth: number } | undefined;
  plot: Plot;
}

/** What will fill the chart after zooming. */
function Marked({ first, last, plot }: MarkedProps) {
  if (!first || !last) return null;
  return (
    <rect
      className="mw-trend-marked"
      aria-hidden="true"
      x={first.hitX}
      y={plot.top}
      width={last.hitX + last.hitWidth - first.hitX}
      height={plot.height}
    />
  );
}

interface PriceMarksProps {
  changes: readonly PriceChange[];
  places: readonly { center: number }[];
  plot: Plot;
}

/** A small flag above each bar in which a price changed; which one is said in words. */
function PriceMarks({ changes, places, plot }: PriceMarksProps) {
  const bars = [...new Set(changes.map(({ bar }) => bar))];
  return (
    <g aria-hidden="true">
      {bars.map((bar) => {
        const x = places[bar]?.center;
        if (x === undefined) return null;
        return (
          <g key={bar} className="mw-price-mark">
            <line x1={x} x2={x} y1={plot.top - 6} y2={plot.top + plot.height} />
            <path d={`M${x - 5},${plot.top - 14}h10l-5,8z`} />
          </g>
        );
      })}
    </g>
  );
}
