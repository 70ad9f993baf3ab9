'use client';

import type { Granularity, UsageAnswer } from '@meterwire/client';
import { useRoving } from '../../hooks/useRoving.ts';
import { useWidth } from '../../hooks/useWidth.ts';
import {
  axisWidth,
  type Band,
  bands,
  barPath,
  labelledIndexes,
  linePath,
  type Plot,
  type ValueScale,
  valueScale,
  yOf,
} from '../../logic/chart/scale.ts';
import { axisLabel, bucketLabel, isPartial } from '../../logic/dates.ts';
import { type ShownMetric, shownValue, spokenValue, tickFormatter } from '../../logic/metric.ts';
import { Grid } from './Grid.tsx';
import { Tip } from './Tip.tsx';
import { useActiveBar } from './useActiveBar.ts';

export interface BarsProps {
  answer: UsageAnswer;
  metric: ShownMetric;
  granularity: Granularity;
  /** Opens one bar into its parts. */
  onOpen?: ((index: number) => void) | undefined;
}

const HEIGHT = 272;
const TOP = 26;
const BOTTOM = 28;
const RIGHT = 4;

const AXIS_UNIT: Record<ShownMetric, string> = {
  calls: 'calls',
  tokens: 'tokens',
  cost: 'US dollars',
  errors: 'errors',
};

/** The bars themselves: one tab stop, arrows between them, the pointer and the focus show the same tip. */
export function Bars({ answer, metric, granularity, onOpen }: BarsProps) {
  const [frame, width] = useWidth<HTMLDivElement>(720);
  const { buckets, series, compared } = answer;
  const roving = useRoving(buckets.length, buckets.length - 1);

  const numbers = series.map((values) => shownValue(values, metric).number);
  const before =
    compared?.series.slice(0, buckets.length).map((values) => shownValue(values, metric).number) ?? [];
  const scale = valueScale(Math.max(0, ...numbers, ...before), 4, metric !== 'cost');
  const tickText = tickFormatter(metric, scale.step);
  const left = axisWidth(scale.ticks.map(tickText));
  const plot: Plot = {
    left,
    top: TOP,
    width: Math.max(1, width - left - RIGHT),
    height: HEIGHT - TOP - BOTTOM,
  };
  const places = bands(buckets.length, plot);
  const bar = useActiveBar(`${answer.from} ${answer.to} ${granularity}`, roving.focusCurrent);
  const { active } = bar;

  const spoken = (index: number) => {
    const now = series[index];
    const then = compared?.series[index];
    const bucket = buckets[index];
    if (!bucket) return '';
    const label = `${bucketLabel(bucket.label, granularity)}${isPartial(bucket, answer.as_of) ? ', so far' : ''}`;
    return `${label}: ${now ? spokenValue(now, metric) : ''}${then ? `; previous period ${spokenValue(then, metric)}` : ''}`;
  };

  return (
    <div className="mw-plot" ref={frame}>
      <svg
        className="mw-svg"
        width={width}
        height={HEIGHT}
        role="group"
        aria-label="Bars, move with the arrow keys"
        {...roving.containerProps}
      >
        <Grid scale={scale} plot={plot} tickText={tickText} unit={AXIS_UNIT[metric]} />
        {places.map((band, index) => {
          const bucket = buckets[index];
          if (!bucket) return null;
          return (
            <Bar
              key={bucket.start}
              band={band}
              plot={plot}
              top={yOf(numbers[index] ?? 0, scale, plot)}
              active={active === index}
              partial={isPartial(bucket, answer.as_of)}
              label={spoken(index)}
              rovingProps={roving.itemProps(index)}
              onHover={bar.onHover}
              onFocusChange={bar.onFocusChange}
              index={index}
              onOpen={onOpen}
              keepFocus={bar.keepFocus}
            />
          );
        })}
        <PreviousLine numbers={before} places={places} scale={scale} plot={plot} />
        <TimeAxis answer={answer} granularity={granularity} places={places} plot={plot} />
      </svg>
      {active !== null && places[active] && (
        <Tip
          answer={answer}
          metric={metric}
          granularity={granularity}
          index={active}
          x={places[active].center}
          frameWidth={width}
          canOpen={onOpen !== undefined}
        />
      )}
    </div>
  );
}

interface BarProps {
  band: Band;
  plot: Plot;
  top: number;
  index: number;
  active: boolean;
  /** Its time is not over yet, so it will grow. */
  partial: boolean;
  label: string;
  rovingProps: ReturnType<ReturnType<typeof useRoving>['itemProps']>;
  onHover: (index: number | null) => void;
  onFocusChange: (index: number | null) => void;
  onOpen?: ((index: number) => void) | undefined;
  keepFocus: () => void;
}

function Bar(props: BarProps) {
  const { band, plot, top, index, active, partial, label, rovingProps } = props;
  const { onHover, onFocusChange, onOpen, keepFocus } = props;
  const bottom = plot.top + plot.height;
  // A value above zero is always visible, however small it is beside the largest.
  const visibleTop = Math.min(top, bottom - 1.5);
  return (
    // An SVG has no button element.
    <g
      className={`mw-bar ${active ? 'mw-bar-active' : ''} ${partial ? 'mw-bar-partial' : ''} ${onOpen ? 'mw-bar-opens' : ''}`}
      role={onOpen ? 'button' : 'img'}
      aria-label={label}
      {...rovingProps}
      onFocus={(event) => {
        rovingProps.onFocus();
        // A click focuses too, but then the pointer says where the tip belongs.
        if (event.currentTarget.matches(':focus-visible')) onFocusChange(index);
      }}
      onBlur={() => onFocusChange(null)}
      onPointerEnter={() => onHover(index)}
      onPointerLeave={() => onHover(null)}
      onClick={() => onOpen?.(index)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          if (!onOpen) return;
          keepFocus();
          onOpen(index);
        }
      }}
    >
      <rect className="mw-bar-hit" x={band.hitX} y={plot.top} width={band.hitWidth} height={plot.height} />
      {top < bottom && <path className="mw-bar-fill" d={barPath(band.x, band.width, visibleTop, bottom)} />}
    </g>
  );
}

interface LineProps {
  numbers: readonly number[];
  places: readonly Band[];
  scale: ValueScale;
  plot: Plot;
}

function PreviousLine({ numbers, places, scale, plot }: LineProps) {
  if (!numbers.some((number) => number > 0)) return null;
  const points = numbers.flatMap((number, index) => {
    const band = places[index];
    return band ? [{ x: band.center, y: yOf(number, scale, plot) }] : [];
  });
  const path = linePath(points);
  return (
    <g aria-hidden="true">
      <path className="mw-previous-halo" d={path} />
      <path className="mw-previous" d={path} />
    </g>
  );
}

interface TimeAxisProps {
  answer: UsageAnswer;
  granularity: Granularity;
  places: readonly Band[];
  plot: Plot;
}

function TimeAxis({ answer, granularity, places, plot }: TimeAxisProps) {
  const indexes = labelledIndexes(places.length, plot.width, 64, granularity === 'hour');
  return (
    <g aria-hidden="true">
      {indexes.map((index) => {
        const band = places[index];
        const bucket = answer.buckets[index];
        if (!band || !bucket) return null;
        return (
          <text
            key={bucket.start}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {axisLabel(bucket.label, granularity)}
          </text>
        );
      })}
    </g>
  );
}
