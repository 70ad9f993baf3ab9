import type { ForecastPoint } from './points.ts';

const WIDTH = 224;

interface ForecastTipProps {
  point: ForecastPoint;
  x: number;
  frameWidth: number;
}

/** What one day says; a screen reader hears it from the day itself. */
export function ForecastTip({ point, x, frameWidth }: ForecastTipProps) {
  const left = Math.max(0, Math.min(frameWidth - WIDTH, x - WIDTH / 2));
  return (
    <div className="mw-tip" style={{ left, width: WIDTH }} aria-hidden="true">
      <p className="mw-tip-title">{point.title}</p>
      {point.rows.map(({ label, text }) => (
        <p className="mw-tip-row" key={label}>
          <span>{label}</span>
          <strong>{text}</strong>
        </p>
      ))}
    </div>
  );
}
