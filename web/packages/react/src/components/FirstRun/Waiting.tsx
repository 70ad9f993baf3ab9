import type { Live } from '../../hooks/useLive.ts';

const WORDS: Record<Live['state'], string> = {
  connecting: 'Connecting…',
  live: 'Listening. The first event is shown the moment it arrives.',
  polling: 'Looking every half a minute.',
};

/** Whether the page is listening, and what it heard. */
export function Waiting({ live: { totals, state } }: { live: Live }) {
  const arrived = (totals?.calls ?? 0) > 0;
  return (
    <p className={`mw-waiting ${state === 'live' ? 'mw-waiting-live' : ''}`} role="status">
      <span className="mw-live-dot" aria-hidden="true" />
      {arrived ? 'It is here.' : WORDS[state]}
    </p>
  );
}
