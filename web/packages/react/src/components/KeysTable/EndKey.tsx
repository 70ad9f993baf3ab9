'use client';

import type { ApiKey, IssuedKey } from '@meterwire/client';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';

/** A key whose present token is to end: for good, or for another one. */
export interface KeyEnd {
  key: ApiKey;
  how: 'revoke' | 'rotate';
}

export interface EndKeyProps {
  end: KeyEnd | null;
  /** The key that this page is signed in with. */
  ownId: string | undefined;
  onClose: () => void;
  onIssued: (issued: IssuedKey) => void;
}

/** Asks before a token ends, since whoever uses it is refused from that moment on. */
export function EndKey({ end, ownId, onClose, onIssued }: EndKeyProps) {
  const say = useNotice();
  const act = useSettingsChange(async (client, { key, how }: KeyEnd, options) => {
    if (how === 'rotate') return client.keys.rotate(key.id, options);
    await client.keys.revoke(key.id, options);
    return null;
  });
  const close = () => {
    act.reset();
    onClose();
  };
  const revokes = end?.how === 'revoke';
  const name = end?.key.name ?? '';
  return (
    <ConfirmDialog
      open={end !== null}
      title={revokes ? `Revoke the key ${name}?` : `Give ${name} a new token?`}
      confirmLabel={revokes ? 'Revoke the key' : 'Make a new token'}
      busyLabel={revokes ? 'Revoking…' : 'Making it…'}
      busy={act.isPending}
      error={act.error}
      onClose={close}
      onConfirm={() => {
        if (!end) return;
        act.mutate(end, {
          onSuccess: (issued) => {
            close();
            if (issued) onIssued(issued);
            say(issued ? `${name} has a new token. Copy it now.` : `Revoked the key ${name}.`);
          },
        });
      }}
    >
      <p>
        Its token is refused from this moment on.{' '}
        {revokes ? 'This cannot be taken back.' : 'Put the new one wherever the old one is used.'}
      </p>
      {end?.key.id === ownId && <p>You are signed in with this key, so this page is signed out.</p>}
    </ConfirmDialog>
  );
}
