'use client';

import { timeInZone } from '../../logic/dates.ts';

export interface LiveMarkProps {
  /** When the shown numbers were true, as the server says. */
  asOf: string;
  zone: string;
  fetching: boolean;
  /** They could not be asked for again. */
  failed: boolean;
}

/** Whether the numbers beside it follow what happens, and of when they are. */
export function LiveMark({ asOf, zone, fetching, failed }: LiveMarkProps) {
  return (
    <p className={`mw-live ${failed ? 'mw-live-off' : ''} ${fetching ? 'mw-live-asking' : ''}`}>
      <span className="mw-live-dot" aria-hidden="true" />
      <span className="mw-live-word">{failed ? 'Not live' : 'Live'}</span>{' '}
      <span className="mw-live-time">
        {failed && 'as of '}
        <time dateTime={asOf}>{timeInZone(asOf, zone)}</time>
      </span>
    </p>
  );
}
