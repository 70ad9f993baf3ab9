import { barPath, yOf } from '../../logic/chart/scale.ts';
import { daysOf, type Interval } from '../../logic/forecast.ts';
import type { MarksProps } from './CourseMarks.tsx';

/** Each day by itself: a bar of what it used, and for what is to come what is expected and between what. */
export function DayMarks({ answer, places, scale, plot, active }: MarksProps) {
  const bottom = plot.top + plot.height;
  return (
    <g aria-hidden="true">
      {daysOf(answer).map(({ date, actual, expected, within80, within95 }, at) => {
        const band = places[at];
        if (!band) return null;
        const box = (interval: Interval, name: '80' | '95', width: number) => {
          const [top, low] = [yOf(interval.high, scale, plot), yOf(interval.low, scale, plot)];
          return (
            <rect
              className={`mw-forecast-band mw-forecast-band-${name}`}
              x={band.center - width / 2}
              y={top}
              width={width}
              height={Math.max(1, low - top)}
            />
          );
        };
        const top = yOf(actual ?? 0, scale, plot);
        return (
          <g key={date} className={`mw-bar ${active === at ? 'mw-bar-active' : ''}`}>
            {(actual ?? 0) > 0 && (
              <path
                className="mw-bar-fill"
                d={barPath(band.x, band.width, Math.min(top, bottom - 1.5), bottom)}
              />
            )}
            {within95 && box(within95, '95', Math.max(2, band.width / 2))}
            {within80 && box(within80, '80', band.width)}
            {expected !== null && (
              <line
                className="mw-forecast-mean"
                x1={band.x}
                x2={band.x + band.width}
                y1={yOf(expected, scale, plot)}
                y2={yOf(expected, scale, plot)}
              />
            )}
          </g>
        );
      })}
    </g>
  );
}
