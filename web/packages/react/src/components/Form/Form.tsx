'use client';

import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';

export interface FormProps {
  id?: string;
  label: string;
  saveLabel: string;
  busy: boolean;
  /** What went wrong with the whole of it. */
  error: Error | null;
  onSave: () => void;
  /** Without it there is nothing to go back to. */
  onCancel?: (() => void) | undefined;
  children: ReactNode;
}

/** A form that opens in place: its first field gets the focus, Escape closes it and gives the focus back. */
export function Form(props: FormProps) {
  const { id, label, saveLabel, busy, error, onSave, onCancel, children } = props;
  const form = useRef<HTMLFormElement>(null);
  useReturnFocus();
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSave();
  };
  return (
    <form
      className="mw-editor"
      id={id}
      ref={form}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The same press would close the question that may come before.
        event.preventDefault();
        onCancel?.();
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
          <button type="button" className="mw-button" aria-disabled={busy} onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
