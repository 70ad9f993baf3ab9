'use client';

import { useEffect, useId, useRef } from 'react';

export interface KeysHelpProps {
  open: boolean;
  onClose: () => void;
}

const KEYS: readonly { keys: readonly string[]; what: string }[] = [
  { keys: ['←', '→'], what: 'the period before, the period after' },
  { keys: ['d'], what: 'today' },
  { keys: ['w'], what: 'this week' },
  { keys: ['m'], what: 'this month' },
  { keys: ['y'], what: 'this year' },
  { keys: ['/'], what: 'search and filter' },
  { keys: ['Ctrl K', '⌘ K'], what: 'go anywhere, do anything' },
  { keys: ['?'], what: 'these keys' },
];

const CHART_KEYS: typeof KEYS = [
  { keys: ['←', '→'], what: 'from bar to bar' },
  { keys: ['↑', '↓'], what: 'from part to part' },
  { keys: ['Enter'], what: 'the events of the bar' },
  { keys: ['Shift ←', 'Shift →'], what: 'mark bars; then Enter zooms in' },
  { keys: ['Esc'], what: 'let go' },
];

/** Which keys do what. */
export function KeysHelp({ open, onClose }: KeysHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    else if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog className="mw-dialog mw-keys" ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      {open && (
        <>
          <h2 className="mw-dialog-title" id={titleId}>
            Keys
          </h2>
          <KeyList label="On every page" keys={KEYS} />
          <KeyList label="In a chart" keys={CHART_KEYS} />
          <div className="mw-dialog-actions">
            <button type="button" className="mw-button" onClick={onClose}>
              Close
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}

function KeyList({ label, keys }: { label: string; keys: typeof KEYS }) {
  return (
    <>
      <h3 className="mw-keys-title">{label}</h3>
      <dl className="mw-keys-list">
        {keys.map(({ keys: names, what }) => (
          <div className="mw-keys-row" key={what}>
            <dt>
              {names.map((name) => (
                <kbd className="mw-key" key={name}>
                  {name}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
