'use client';

import { useState } from 'react';
import { useNotice } from '../Notice/Notice.tsx';
import type { Saving } from './ResourceForm.tsx';

export interface OnOffSwitchProps {
  label: string;
  on: boolean;
  change: Saving<boolean, { enabled: boolean }> & { variables: boolean | undefined };
  /** The sentence that says how it is now. */
  said: (enabled: boolean) => string;
}

/** Switches one thing off and on, at once; where the server does not take it, it goes back. */
export function OnOffSwitch({ label, on, change, said }: OnOffSwitchProps) {
  const say = useNotice();
  // What was chosen is shown until the list that is read again says the same.
  const [chosen, setChosen] = useState<boolean>();
  if (chosen === on && !change.isPending) setChosen(undefined);
  const shown = chosen ?? on;
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
            const { checked } = event.target;
            setChosen(checked);
            change.mutate(checked, {
              onSuccess: ({ enabled }) => {
                if (enabled !== checked) setChosen(undefined);
                say(said(enabled));
              },
              onError: () => setChosen(undefined),
            });
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
