'use client';

import { type ReactNode, useId } from 'react';

export interface EditableTableProps {
  /** What the rows are, such as `Projects`. */
  label: string;
  columns: readonly string[];
  /** Whether the rows end with buttons. */
  actions: boolean;
  children: ReactNode;
}

/** A table that scrolls by itself; where it is narrow its rows become blocks. */
export function EditableTable({ label, columns, actions, children }: EditableTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label={`${label}, table`} tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
            {actions && (
              <th scope="col">
                <span className="mw-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export interface EditableRowProps {
  /** Its cells, the first a row header. */
  cells: ReactNode;
  /** How many those are. */
  columns: number;
  /** What the buttons speak of, such as `the project alpha`. */
  name: string;
  /** Without it the row only shows. */
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  /** What is below the row while it is edited. */
  editor: ReactNode;
  /** The button that takes the row away; without it there is none. */
  onRemove?: (() => void) | undefined;
  removeLabel?: string;
  /** Buttons before these. */
  more?: ReactNode;
}

/** A row with its buttons, and below it what edits it. */
export function EditableRow(props: EditableRowProps) {
  const { cells, columns, name, canChange, editing, onEdit, editor, onRemove, more } = props;
  const { removeLabel = 'Delete' } = props;
  const editorId = useId();
  return (
    <>
      <tr className={editing ? 'mw-row-open' : ''}>
        {cells}
        {canChange && (
          <td className={more ? 'mw-row-actions mw-row-many' : 'mw-row-actions'}>
            {more}
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Edit ${name}`}
              aria-expanded={editing}
              aria-controls={editing ? editorId : undefined}
              onClick={() => onEdit(!editing)}
            >
              Edit
            </button>
            {onRemove && (
              <button
                type="button"
                className="mw-button mw-button-small"
                aria-label={`${removeLabel} ${name}`}
                onClick={onRemove}
              >
                {removeLabel}
              </button>
            )}
          </td>
        )}
      </tr>
      {editing && (
        <tr className="mw-row-editor" id={editorId}>
          <td colSpan={columns + 1}>{editor}</td>
        </tr>
      )}
    </>
  );
}
