'use client';

import type { ApiKey } from '@meterwire/client';
import { agoText, keyFor, keyState, ROLE_LABEL } from '../../logic/settings/keys.ts';
import type { KeyEnd } from './EndKey.tsx';

export interface KeyRowProps {
  apiKey: ApiKey;
  /** It is the one that this page is signed in with. */
  isOwn: boolean;
  now: Date;
  onEnd: (end: KeyEnd) => void;
}

export function KeyRow({ apiKey: key, isOwn, now, onEnd }: KeyRowProps) {
  const state = keyState(key, now);
  const belongs = keyFor(key);
  return (
    <tr className={state === 'active' ? '' : 'mw-row-over'}>
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
      <td className="mw-row-actions mw-row-many">
        {state !== 'revoked' && (
          <>
            {/* Its session would end before the new token could be read. */}
            {!isOwn && (
              <button
                type="button"
                className="mw-button mw-button-small"
                aria-label={`New token for ${key.name}`}
                onClick={() => onEnd({ key, how: 'rotate' })}
              >
                New token
              </button>
            )}
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Revoke the key ${key.name}`}
              onClick={() => onEnd({ key, how: 'revoke' })}
            >
              Revoke
            </button>
          </>
        )}
      </td>
    </tr>
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
