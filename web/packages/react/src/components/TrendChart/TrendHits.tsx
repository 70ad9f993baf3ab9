import type { Band, Plot } from '../../logic/chart/scale.ts';
import type { Trend } from '../../logic/chart/trend.ts';
import type { TrendCursor } from './useTrendCursor.ts';

export interface TrendHitsProps {
  trend: Trend;
  places: readonly Band[];
  plot: Plot;
  cursor: TrendCursor;
  /** Opens the rows of a bar; the pointer's clicks are told apart from drags elsewhere. */
  onOpen?: ((bar: number) => void) | undefined;
  /** What each bar is called. */
  labels: readonly string[];
}

/** What the keyboard and a screen reader meet: one item a bar that has begun, of which Tab reaches one. */
export function TrendHits({ trend, places, plot, cursor, onOpen, labels }: TrendHitsProps) {
  return (
    <>
      {trend.whole.map((_, bar) => {
        const band = places[bar];
        if (!band) return null;
        return (
          <rect
            key={trend.buckets[bar]?.start ?? bar}
            // An SVG has no button element.
            className={`mw-trend-hit ${onOpen ? 'mw-bar-opens' : ''}`}
            role={onOpen ? 'button' : 'img'}
            aria-label={labels[bar]}
            tabIndex={bar === cursor.bar ? 0 : -1}
            data-bar={bar}
            x={band.hitX}
            y={plot.top}
            width={band.hitWidth}
            height={plot.height}
            onFocus={(event) => cursor.onFocus(bar, event.currentTarget.matches(':focus-visible'))}
            onBlur={cursor.onBlur}
            // A click without a pointer is one of assistive technology.
            onClick={(event) => event.detail === 0 && onOpen?.(bar)}
          />
        );
      })}
    </>
  );
}
