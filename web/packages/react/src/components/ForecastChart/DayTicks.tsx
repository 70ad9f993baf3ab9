import { type Band, labelledIndexes, type Plot } from '../../logic/chart/scale.ts';
import { axisLabel } from '../../logic/dates.ts';

interface DayTicksProps {
  dates: readonly string[];
  places: readonly Band[];
  plot: Plot;
}

export function DayTicks({ dates, places, plot }: DayTicksProps) {
  return (
    <g aria-hidden="true">
      {labelledIndexes(dates.length, plot.width, 64, false).map((at) => {
        const band = places[at];
        const date = dates[at];
        if (!band || !date) return null;
        return (
          <text
            key={date}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {axisLabel(date, 'day')}
          </text>
        );
      })}
    </g>
  );
}
