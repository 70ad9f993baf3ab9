import type { ApiKey } from '@meterwire/client';
import { agoText, keyFor, keyState, ROLE_LABEL } from '../../logic/settings/keys.ts';

export interface KeyCellsProps {
  apiKey: ApiKey;
  /** It is the one that this page is signed in with. */
  isOwn: boolean;
  now: Date;
}

export function KeyCells({ apiKey: key, isOwn, now }: KeyCellsProps) {
  const state = keyState(key, now);
  const belongs = keyFor(key);
  return (
    <>
      <th scope="row" className="mw-cell-id">
        <strong>{key.name}</strong> {isOwn && <span className="mw-badge mw-badge-plain">You</span>}
        <span className="mw-cell-note mw-hash">{key.prefix}…</span>
      </th>
      <td data-label="Role">
        <span>
          {ROLE_LABEL[key.role]}
          {belongs && <span className="mw-cell-note">{belongs}</span>}
        </span>
      </td>
      <td data-label="Last used">
        <Moment instant={key.last_used_at} now={now} none="never" />
      </td>
      <td data-label="Ends">
        {state === 'revoked' ? (
          <>
            <span className="mw-badge mw-badge-plain">Revoked</span>{' '}
            <Moment instant={key.revoked_at} now={now} none="" />
          </>
        ) : state === 'expired' ? (
          <>
            <span className="mw-badge">Expired</span> <Moment instant={key.expires_at} now={now} none="" />
          </>
        ) : (
          <LastMoment instant={key.expires_at} />
        )}
      </td>
    </>
  );
}

function Moment({ instant, now, none }: { instant: string | null; now: Date; none: string }) {
  if (!instant) return <span className="mw-quiet">{none}</span>;
  return (
    <time dateTime={instant} title={instant}>
      {agoText(instant, now)}
    </time>
  );
}

function LastMoment({ instant }: { instant: string | null }) {
  if (!instant) return <span className="mw-quiet">never</span>;
  return (
    <time dateTime={instant} title={instant}>
      {instant.slice(0, 10)}
    </time>
  );
}
