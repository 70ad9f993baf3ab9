'use client';

import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';

export interface DiscardDialogProps {
  open: boolean;
  onStay: () => void;
  onDiscard: () => void;
}

/** Asks before a form is left that holds something nobody has saved. */
export function DiscardDialog({ open, onStay, onDiscard }: DiscardDialogProps) {
  return (
    <ConfirmDialog
      open={open}
      title="Leave without saving?"
      cancelLabel="Keep editing"
      confirmLabel="Discard the changes"
      busyLabel=""
      busy={false}
      onClose={onStay}
      onConfirm={onDiscard}
    >
      <p>What was entered is not saved yet.</p>
    </ConfirmDialog>
  );
}
