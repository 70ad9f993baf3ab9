import type { ReactNode } from 'react';

export interface MiniStatProps {
  label: string;
  value: ReactNode;
  /** A few words below it. */
  note?: ReactNode;
}

/** One small number with its name, to stand in a row of others (`<dl className="mw-ministats">`). */
export function MiniStat({ label, value, note }: MiniStatProps) {
  return (
    <div className="mw-ministat">
      <dt className="mw-ministat-label">{label}</dt>
      <dd className="mw-ministat-value">{value}</dd>
      {note && <dd className="mw-ministat-note">{note}</dd>}
    </div>
  );
}
