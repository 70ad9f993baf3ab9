'use client';

import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNotice } from '../Notice/Notice.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';

export interface DeleteDialogProps {
  /** What would go, by its id and as people call it; the dialog is open while there is one. */
  item: { id: string; name: string } | null;
  /** What kind of thing it is, such as `project`. */
  what: string;
  verb?: 'Delete' | 'Remove';
  /** Takes the id. */
  remove: UseMutationResult<unknown, Error, string>;
  onClose: () => void;
  onDone?: () => void;
  /** What goes with it, and what stays. */
  children: ReactNode;
}

const WORDS = {
  Delete: { busy: 'Deleting…', done: 'Deleted' },
  Remove: { busy: 'Removing…', done: 'Removed' },
};

/** Asks before a row is deleted, waits for it, and says that it is gone. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { item, what, verb = 'Delete', remove, onClose, onDone, children } = props;
  const say = useNotice();
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={item !== null}
      title={`${verb} the ${what} ${item?.name ?? ''}?`}
      confirmLabel={`${verb} the ${what}`}
      busyLabel={WORDS[verb].busy}
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => {
        if (!item) return;
        remove.mutate(item.id, {
          onSuccess: () => {
            close();
            say(`${WORDS[verb].done} the ${what} ${item.name}.`);
            onDone?.();
          },
        });
      }}
    >
      {children}
    </ConfirmDialog>
  );
}
