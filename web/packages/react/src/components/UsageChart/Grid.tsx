import { type Plot, type ValueScale, yOf } from '../../logic/chart/scale.ts';

interface GridProps {
  scale: ValueScale;
  plot: Plot;
  tickText: (tick: number) => string;
  unit: string;
}

/** The lines of a chart with the values they stand for, and the unit above them. */
export function Grid({ scale, plot, tickText, unit }: GridProps) {
  return (
    <g aria-hidden="true">
      <text className="mw-tick" x={0} y={10}>
        {unit}
      </text>
      {scale.ticks.map((tick) => {
        const y = Math.round(yOf(tick, scale, plot)) + 0.5;
        return (
          <g key={tick}>
            <line
              className={tick === 0 ? 'mw-axis-line' : 'mw-grid-line'}
              x1={plot.left}
              x2={plot.left + plot.width}
              y1={y}
              y2={y}
            />
            <text className="mw-tick" x={plot.left - 8} y={y} dy="0.32em" textAnchor="end">
              {tickText(tick)}
            </text>
          </g>
        );
      })}
    </g>
  );
}
