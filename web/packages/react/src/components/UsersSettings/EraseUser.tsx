'use client';

import type { LimitUser } from '@meterwire/client';
import { useId, useState } from 'react';
import { useWideChange } from '../../hooks/useSettings.ts';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';

/** Takes a user's identity away for good. The id has to be typed, since nothing brings it back. */
export function EraseUser({ user, onClose }: { user: LimitUser | null; onClose: () => void }) {
  const say = useNotice();
  const [typed, setTyped] = useState('');
  const id = useId();
  const erase = useWideChange((client, who: string, options) => client.users.erase(who, options));
  const close = () => {
    erase.reset();
    setTyped('');
    onClose();
  };
  return (
    <ConfirmDialog
      open={user !== null}
      title={`Erase ${user?.id ?? ''}?`}
      confirmLabel="Erase for good"
      busyLabel="Erasing…"
      busy={erase.isPending}
      blocked={typed !== user?.id}
      error={erase.error}
      onClose={close}
      onConfirm={() => {
        if (!user) return;
        erase.mutate(user.id, {
          onSuccess: ({ pseudonym, state }) => {
            close();
            say(
              state === 'clearing'
                ? `${pseudonym} stands for the user now. What is left of its events is being cleared.`
                : `${pseudonym} stands for the user now.`,
            );
          },
        });
      }}
    >
      <p>
        A pseudonym takes its place in every event, counter and the audit log; properties of its events are
        cleared, keys that act for it are revoked, its own limits go. Totals stay exactly as they are.
      </p>
      <p>
        <strong>This cannot be taken back.</strong> Values that a sender wrote elsewhere, such as ids of
        events, stay.
      </p>
      <div className="mw-form-field">
        <label className="mw-form-label" htmlFor={id}>
          Type {user?.id} to confirm
        </label>
        <input
          id={id}
          className="mw-input"
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  );
}
