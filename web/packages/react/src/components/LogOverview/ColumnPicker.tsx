'use client';

import {
  DEFAULT_FIELDS,
  EVENT_COLUMNS,
  type EventField,
  fieldsFrom,
  sameFields,
} from '../../logic/events.ts';
import { Popover } from '../Popover/Popover.tsx';

export interface ColumnPickerProps {
  fields: readonly EventField[];
  onChange: (fields: readonly EventField[]) => void;
}

/** Which columns of the log are shown. */
export function ColumnPicker({ fields, onChange }: ColumnPickerProps) {
  const isUsual = sameFields(fields, DEFAULT_FIELDS);
  return (
    <Popover
      icon="columns"
      text="Columns"
      label={`Columns, ${fields.length} of ${EVENT_COLUMNS.length} shown`}
      active={!isUsual}
    >
      {() => (
        <fieldset className="mw-choices mw-columns">
          <legend className="mw-hidden">Columns</legend>
          {EVENT_COLUMNS.map(({ field, label }) => {
            const isShown = fields.includes(field);
            return (
              <label className="mw-choice" key={field}>
                <input
                  type="checkbox"
                  checked={isShown}
                  // The last one cannot be taken away.
                  disabled={isShown && fields.length === 1}
                  onChange={() =>
                    onChange(fieldsFrom(isShown ? fields.filter((one) => one !== field) : [...fields, field]))
                  }
                />
                <span>{label}</span>
              </label>
            );
          })}
          {!isUsual && (
            <button type="button" className="mw-link" onClick={() => onChange(DEFAULT_FIELDS)}>
              Show the usual columns
            </button>
          )}
        </fieldset>
      )}
    </Popover>
  );
}
