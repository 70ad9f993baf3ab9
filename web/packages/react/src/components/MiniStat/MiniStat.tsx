import type { ReactNode } from 'react';
import type { BarColor } from '../ProgressBar/ProgressBar.tsx';

export interface MiniStatProps {
  label: string;
  value: ReactNode;
  /** A few words below it. */
  note?: ReactNode;
  /** With a colour it is a tile that stands by itself; without one it stands in a row (`<dl className="mw-ministats">`). */
  color?: BarColor;
}

/** One small number with its name. */
export function MiniStat({ label, value, note, color }: MiniStatProps) {
  const stat = (
    <div className="mw-ministat">
      <dt className="mw-ministat-label">{label}</dt>
      <dd className="mw-ministat-value">{value}</dd>
      {note && <dd className="mw-ministat-note">{note}</dd>}
    </div>
  );
  return color ? <dl className={`mw-tile mw-tile-${color}`}>{stat}</dl> : stat;
}
