'use client';

import type { ApiKey, IssuedKey, Me } from '@meterwire/client';
import { useState } from 'react';
import { useKeys } from '../../hooks/useSettings.ts';
import { countOf } from '../../logic/number.ts';
import { keyState } from '../../logic/settings/keys.ts';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { EndKey, type KeyEnd } from './EndKey.tsx';
import { KeyCells } from './KeyCells.tsx';
import { KeyForm } from './KeyForm.tsx';
import { NewToken } from './NewToken.tsx';

export interface KeysTableProps {
  me: Me;
  /** The server's address as a shell would reach it. */
  origin: string;
  /** Begins with the form open, as a command does. */
  adding?: boolean;
}

/** API keys: made, given a new token, revoked. */
export function KeysTable({ me, origin, adding = false }: KeysTableProps) {
  const query = useKeys();
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const [withRevoked, setWithRevoked] = useState(false);
  return (
    <ResourceCard
      title="API keys"
      summary="What your backend and your colleagues sign in with. A token is shown once, when it is made."
      add="Make a key"
      strong
      adding={adding}
      form={(close) => <KeyForm onDone={close} onIssued={setIssued} />}
    >
      {issued && (
        <NewToken key={issued.token} issued={issued} origin={origin} onClose={() => setIssued(null)} />
      )}
      <Paged
        query={query}
        label="keys"
        one="key"
        empty="No key of this tenant yet. Make one for your backend."
        counts={(key) => withRevoked || !isRevoked(key)}
        foot={(keys) => <Revoked keys={keys} shown={withRevoked} onShow={setWithRevoked} />}
      >
        {(keys) => (
          <Table
            keys={withRevoked ? keys : keys.filter((key) => !isRevoked(key))}
            me={me}
            onIssued={setIssued}
          />
        )}
      </Paged>
    </ResourceCard>
  );
}

interface TableProps {
  keys: readonly ApiKey[];
  me: Me;
  onIssued: (issued: IssuedKey) => void;
}

function Table({ keys, me, onIssued }: TableProps) {
  const [ending, setEnding] = useState<KeyEnd | null>(null);
  const now = new Date();
  return (
    <>
      <EditableTable
        label="API keys"
        columns={['Key', 'Role', 'Last used', 'Ends']}
        actions
        items={keys.map((key) => {
          const isOwn = key.id === me.key?.id;
          const item = {
            id: key.id,
            what: `the key ${key.name}`,
            className: keyState(key, now) === 'active' ? '' : 'mw-row-over',
            cells: <KeyCells apiKey={key} isOwn={isOwn} now={now} />,
            wide: true,
          };
          if (isRevoked(key)) return item;
          return {
            ...item,
            // One’s own session would end before the new token could be read.
            buttons: () => !isOwn && <RotateButton apiKey={key} onEnd={setEnding} />,
            removal: { text: 'Revoke', run: () => setEnding({ key, how: 'revoke' }) },
          };
        })}
      />
      <EndKey end={ending} ownId={me.key?.id} onClose={() => setEnding(null)} onIssued={onIssued} />
    </>
  );
}

function RotateButton({ apiKey: key, onEnd }: { apiKey: ApiKey; onEnd: (end: KeyEnd) => void }) {
  return (
    <button
      type="button"
      className="mw-button mw-button-small"
      aria-label={`New token for ${key.name}`}
      aria-haspopup="dialog"
      onClick={() => onEnd({ key, how: 'rotate' })}
    >
      New token
    </button>
  );
}

function isRevoked({ revoked_at }: ApiKey): boolean {
  return revoked_at !== null;
}

interface RevokedProps {
  keys: readonly ApiKey[];
  shown: boolean;
  onShow: (shown: boolean) => void;
}

/** Keys that have ended are out of the way until they are asked for. */
function Revoked({ keys, shown, onShow }: RevokedProps) {
  const count = keys.filter(isRevoked).length;
  if (count === 0) return null;
  return (
    <button type="button" className="mw-link" onClick={() => onShow(!shown)}>
      {shown ? 'Hide revoked keys' : `Show ${countOf(count, 'revoked key')}`}
    </button>
  );
}
