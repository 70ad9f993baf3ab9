import type { UsageForecast } from '@meterwire/client';
import { type Band, linePath, type Plot, type ValueScale, yOf } from '../../logic/chart/scale.ts';
import { courseOf, type Interval, intervalsOf } from '../../logic/forecast.ts';

export interface MarksProps {
  answer: UsageForecast;
  places: readonly Band[];
  scale: ValueScale;
  plot: Plot;
  active: number | null;
}

/** The period running up. Bounds are known of its end, and stand there. */
export function CourseMarks({ answer, places, scale, plot, active }: MarksProps) {
  const course = courseOf(answer);
  const point = (index: number, value: number) => ({
    x: places[index]?.center ?? 0,
    y: yOf(value, scale, plot),
  });
  const shown = active === null ? undefined : course[active];
  const { within80, within95 } = intervalsOf(answer.forecast);
  const x = plot.left + plot.width + 8;
  return (
    <g aria-hidden="true">
      <path
        className="mw-forecast-line"
        d={linePath(course.flatMap(({ expected }, at) => (expected === null ? [] : [point(at, expected)])))}
      />
      <path
        className="mw-actual-line"
        d={linePath(course.flatMap(({ actual }, at) => (actual === null ? [] : [point(at, actual)])))}
      />
      <EndBand name="95" interval={within95} x={x} width={6} scale={scale} plot={plot} />
      <EndBand name="80" interval={within80} x={x} width={10} scale={scale} plot={plot} />
      {shown && active !== null && (
        <circle
          className="mw-course-dot"
          cx={point(active, 0).x}
          cy={point(active, shown.expected ?? shown.actual ?? 0).y}
          r={4}
        />
      )}
    </g>
  );
}

interface EndBandProps {
  name: '80' | '95';
  interval: Interval | null;
  x: number;
  width: number;
  scale: ValueScale;
  plot: Plot;
}

function EndBand({ name, interval, x, width, scale, plot }: EndBandProps) {
  if (interval === null) return null;
  const [top, bottom] = [yOf(interval.high, scale, plot), yOf(interval.low, scale, plot)];
  return (
    <rect
      className={`mw-forecast-band mw-forecast-band-${name}`}
      x={x - width / 2}
      y={top}
      width={width}
      height={Math.max(1, bottom - top)}
    />
  );
}
