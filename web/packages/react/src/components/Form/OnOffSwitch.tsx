'use client';

import { useNotice } from '../Notice/Notice.tsx';
import type { Saving } from './ResourceForm.tsx';

export interface OnOffSwitchProps {
  label: string;
  on: boolean;
  change: Saving<boolean, { enabled: boolean }> & { variables: boolean | undefined };
  /** The sentence that says how it is now. */
  said: (enabled: boolean) => string;
}

/** Switches one thing off and on, at once. */
export function OnOffSwitch({ label, on, change, said }: OnOffSwitchProps) {
  const say = useNotice();
  const shown = change.isPending ? (change.variables ?? on) : on;
  return (
    <>
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={label}
          checked={shown}
          onChange={(event) => {
            if (change.isPending) return;
            change.mutate(event.target.checked, { onSuccess: ({ enabled }) => say(said(enabled)) });
          }}
        />
        <span className="mw-switch-track" />
        <span aria-hidden="true">{shown ? 'On' : 'Off'}</span>
      </label>
      {change.error && (
        <p className="mw-problem" role="alert">
          {change.error.message}
        </p>
      )}
    </>
  );
}
