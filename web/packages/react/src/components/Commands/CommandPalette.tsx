'use client';

import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Command, type CommandGroup, searchCommands } from '../../logic/commands/search.ts';
import { countOf } from '../../logic/number.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface CommandPaletteProps {
  /** What can be done; the text tells what was entered, for commands that carry it. */
  commands: readonly Command[];
  /** More may be found in a moment. */
  loading?: boolean;
  text: string;
  onTextChange: (text: string) => void;
  onClose: () => void;
}

/**
 * Does everything from the keyboard. The field keeps the focus and steers the list with the arrows; the dialog holds the
 * focus and gives it back to where it came from.
 */
export function CommandPalette({
  commands,
  loading = false,
  text,
  onTextChange,
  onClose,
}: CommandPaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [active, setActive] = useState(0);
  const listId = useId();
  const groups = useMemo(() => searchCommands(commands, text), [commands, text]);
  const found = useMemo(() => groups.flatMap((group) => group.commands), [groups]);
  const at = Math.min(active, Math.max(0, found.length - 1));

  // Closed before it leaves the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element || element.open) return;
    element.showModal();
    return () => element.close();
  }, []);
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [at, listId]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    // First the focus goes back, then the command may take it elsewhere.
    dialog.current?.close();
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = found.length - 1;
    if (event.key === 'ArrowDown') setActive(at === last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') setActive(at === 0 ? Math.max(0, last) : at - 1);
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      className="mw-palette"
      ref={dialog}
      aria-label="Commands"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // A click beside it.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="mw-palette-inner">
        <div className="mw-palette-field">
          <Icon name="search" />
          <input
            className="mw-palette-input"
            type="text"
            role="combobox"
            aria-label="Search pages, projects, models, users and commands"
            placeholder="Search or do something…"
            aria-expanded={found.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={text}
            onChange={(event) => {
              onTextChange(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd className="mw-shortcut" aria-hidden="true">
            Esc
          </kbd>
        </div>
        <Found groups={groups} listId={listId} active={at} onRun={run} onPoint={setActive} />
        <p className={found.length > 0 ? 'mw-hidden' : 'mw-palette-none'} role="status">
          {found.length > 0
            ? text !== '' && countOf(found.length, 'command')
            : loading
              ? 'Looking…'
              : 'Nothing has this name.'}
        </p>
      </div>
    </dialog>
  );
}

interface FoundProps {
  groups: readonly CommandGroup[];
  listId: string;
  active: number;
  onRun: (command: Command) => void;
  onPoint: (at: number) => void;
}

function Found({ groups, listId, active, onRun, onPoint }: FoundProps) {
  let at = -1;
  return (
    // It scrolls, which would make it a stop of the keyboard; the field above has the keys.
    <div className="mw-palette-list" id={listId} role="listbox" aria-label="Commands" tabIndex={-1}>
      {groups.map(({ label, commands }, index) => (
        <div key={label} role="group" aria-labelledby={`${listId}-group-${index}`}>
          <div className="mw-palette-group" id={`${listId}-group-${index}`} role="presentation">
            {label}
          </div>
          {commands.map((command) => {
            at += 1;
            const own = at;
            return (
              // The field above has the focus and the keys, and names the active option.
              <div
                key={command.id}
                id={`${listId}-${own}`}
                role="option"
                aria-selected={own === active}
                className={`mw-palette-item ${own === active ? 'mw-palette-active' : ''}`}
                onClick={() => onRun(command)}
                onPointerMove={() => own !== active && onPoint(own)}
              >
                <span className="mw-palette-label">{command.label}</span>
                {command.note && <span className="mw-palette-note">{command.note}</span>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
