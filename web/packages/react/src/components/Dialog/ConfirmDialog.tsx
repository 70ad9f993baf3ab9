'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from '../Icon/Icon.tsx';

export interface ConfirmDialogProps {
  open: boolean;
  /** A question that names what would happen. */
  title: string;
  children: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  /** What the button says while it is being done. */
  busyLabel: string;
  busy: boolean;
  /** Something has yet to be entered before it can be done. */
  blocked?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. The harmless button comes first and has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, children, confirmLabel, busyLabel, busy, error, onConfirm, onClose } = props;
  const { blocked = false, cancelLabel = 'Cancel' } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const openedFrom = useRef<{ opener: Element | null; place: Element | null } | null>(null);
  const titleId = useId();
  const textId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) {
      const opener = document.activeElement;
      openedFrom.current = { opener, place: opener?.closest('[tabindex="0"], [role="tabpanel"]') ?? null };
      element.showModal();
    } else if (!open && element.open) {
      // The browser gives the focus back to the button that opened it, unless that is gone with what was deleted.
      element.close();
      const { opener, place } = openedFrom.current ?? {};
      if (opener && !opener.isConnected && place instanceof HTMLElement) place.focus();
    }
  }, [open]);
  // What was begun is waited for: closing would hide how it ends.
  const close = () => {
    if (!busy) onClose();
  };
  return (
    <dialog
      className="mw-dialog"
      ref={dialog}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      {open && (
        <>
          <h2 className="mw-dialog-title" id={titleId}>
            {title}
          </h2>
          <div className="mw-dialog-text" id={textId}>
            {children}
          </div>
          {error && (
            <p className="mw-problem" role="alert">
              {error.message}
            </p>
          )}
          <div className="mw-dialog-actions">
            <button type="button" className="mw-button" onClick={close}>
              {cancelLabel}
            </button>
            <button
              type="button"
              className="mw-button mw-button-danger"
              aria-disabled={busy || blocked}
              onClick={() => !busy && !blocked && onConfirm()}
            >
              <Icon name="alert" />
              {busy ? busyLabel : confirmLabel}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}
