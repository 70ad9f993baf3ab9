'use client';

import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';

export interface FormProps {
  label: string;
  saveLabel: string;
  busy: boolean;
  error: Error | null;
  /** Sends, or answers the name of the first field that cannot be sent. */
  onSave: () => string | undefined;
  /** Without it there is nothing to go back to. */
  onCancel?: (() => void) | undefined;
  children: ReactNode;
}

/** A form that opens in place: its first field gets the focus, Escape closes it and gives the focus back. */
export function Form({ label, saveLabel, busy, error, onSave, onCancel, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useReturnFocus();
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const wrong = onSave();
    if (wrong) form.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
  };
  return (
    <form
      className="mw-editor"
      ref={form}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel?.();
      }}
      noValidate
    >
      {children}
      {error && (
        <p className="mw-problem" role="alert">
          {error.message}
        </p>
      )}
      <div className="mw-editor-actions">
        <button type="submit" className="mw-button mw-button-strong" aria-disabled={busy}>
          {busy ? 'Saving…' : saveLabel}
        </button>
        {onCancel && (
          <button type="button" className="mw-button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
