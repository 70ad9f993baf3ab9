'use client';

import { type ReactNode, useId } from 'react';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';

/** The name of a column; of numbers it stands to the right. */
export type Column = string | { name: string; numeric: true };

/** Something that is opened below its row by a button. */
export interface RowPanel {
  text: string;
  /** What a screen reader says; without it the text and what the row is. */
  label?: string;
  content: (close: () => void) => ReactNode;
}

export interface EditableItem {
  id: string;
  /** What it is, such as `the project alpha`; buttons speak of it. */
  what: string;
  className?: string;
  /** Its cells, the first a row header. */
  cells: ReactNode;
  /** Buttons before the others; `open` opens the panel of this text. */
  buttons?: (open: (text: string) => void) => ReactNode;
  panels?: readonly RowPanel[];
  /** Takes the row away, after a question. */
  removal?: { text: string; run: () => void } | undefined;
  /** Its buttons need a line of their own where it is narrow. More than two always do. */
  wide?: boolean;
}

export interface EditableTableProps {
  /** What the rows are, such as `Projects`. */
  label: string;
  columns: readonly Column[];
  items: readonly EditableItem[];
  /** Whether the rows end with buttons. */
  actions: boolean;
}

/** A table whose rows can be changed. It scrolls by itself; where it is narrow its rows become blocks. */
export function EditableTable({ label, columns, items, actions }: EditableTableProps) {
  const place = useOpened<{ id: string; text: string }>();
  const { opened, open, close } = place;
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label={`${label}, table`} tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head column={column} key={typeof column === 'string' ? column : column.name} />
            ))}
            {actions && (
              <th scope="col">
                <span className="mw-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              columns={columns.length + (actions ? 1 : 0)}
              actions={actions}
              opened={opened?.id === item.id ? opened.text : undefined}
              onOpen={(text) => open(text === null ? null : { id: item.id, text })}
            >
              {(panel) => place.around(panel.content(close))}
            </Row>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column }: { column: Column }) {
  if (typeof column === 'string') return <th scope="col">{column}</th>;
  return (
    <th scope="col" className="mw-num">
      {column.name}
    </th>
  );
}

interface RowProps {
  item: EditableItem;
  columns: number;
  actions: boolean;
  opened: string | undefined;
  onOpen: (text: string | null) => void;
  children: (panel: RowPanel) => ReactNode;
}

/** A row with its buttons, and below it what is open of it. */
function Row({ item, columns, actions, opened, onOpen, children }: RowProps) {
  const { what, cells, buttons, panels = [], removal, wide = false, className = '' } = item;
  const panelId = useId();
  const panel = panels.find(({ text }) => text === opened);
  const many = wide || panels.length + (buttons ? 1 : 0) + (removal ? 1 : 0) > 2;
  return (
    <>
      <tr className={`${panel ? 'mw-row-open' : ''} ${className}`}>
        {cells}
        {actions && (
          <td className={many ? 'mw-row-actions mw-row-many' : 'mw-row-actions'}>
            {buttons?.(onOpen)}
            {panels.map(({ text, label = `${text} ${what}` }) => (
              <ToggleButton
                key={text}
                text={text}
                label={label}
                look="small"
                open={text === opened}
                controls={panelId}
                onToggle={(on) => onOpen(on ? text : null)}
              />
            ))}
            {removal && (
              <button
                type="button"
                className="mw-button mw-button-small"
                aria-label={`${removal.text.replace('…', '')} ${what}`}
                aria-haspopup="dialog"
                onClick={removal.run}
              >
                {removal.text}
              </button>
            )}
          </td>
        )}
      </tr>
      {panel && (
        <tr className="mw-row-editor" id={panelId}>
          <td colSpan={columns}>{children(panel)}</td>
        </tr>
      )}
    </>
  );
}
