'use client';

import type { ApiKey, IssuedKey, Me, NewKey } from '@meterwire/client';
import { useState } from 'react';
import { useKeys, useSettingsChange } from '../../hooks/useSettings.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { EndKey, type KeyEnd } from './EndKey.tsx';
import { KeyForm } from './KeyForm.tsx';
import { KeyRow } from './KeyRow.tsx';
import { NewToken } from './NewToken.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';

export interface KeysTableProps {
  me: Me;
  /** The server's address as a shell would reach it. */
  origin: string;
  /** Begins with the form open, as a command does. */
  adding?: boolean;
}

/** API keys: made, given a new token, revoked. */
export function KeysTable({ me, origin, adding: begins = false }: KeysTableProps) {
  const query = useKeys();
  const [adding, setAdding] = useState(begins);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const [withRevoked, setWithRevoked] = useState(false);
  return (
    <Card
      title="API keys"
      summary="What your backend and your colleagues sign in with. A token is shown once, when it is made."
      actions={
        <button
          type="button"
          className="mw-button mw-button-strong"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          Make a key
        </button>
      }
    >
      {adding && <AddKey onDone={() => setAdding(false)} onIssued={setIssued} />}
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
    </Card>
  );
}

interface AddKeyProps {
  onDone: () => void;
  onIssued: (issued: IssuedKey) => void;
}

function AddKey({ onDone, onIssued }: AddKeyProps) {
  const say = useNotice();
  const create = useSettingsChange((client, key: NewKey, options) => client.keys.create(key, options));
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New key</h3>
      <KeyForm
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(key) =>
          create.mutate(key, {
            onSuccess: (issued) => {
              onDone();
              onIssued(issued);
              say(`Made the key ${issued.name}. Copy its token now.`);
            },
          })
        }
      />
    </div>
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
      <EditableTable label="API keys" columns={['Key', 'Role', 'Last used', 'Ends']} actions>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} isOwn={key.id === me.key?.id} now={now} onEnd={setEnding} />
        ))}
      </EditableTable>
      <EndKey end={ending} ownId={me.key?.id} onClose={() => setEnding(null)} onIssued={onIssued} />
    </>
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
