'use client';

import { type FileQuestion, useFile } from '../../hooks/useMoney.ts';
import { Popover } from '../Popover/Popover.tsx';

export interface ExportChoice {
  label: string;
  /** What is in it, in a few words. */
  note: string;
  file: FileQuestion;
}

/** What is on the screen as a file, with its range, zone and filters in its head. */
export function ExportMenu({ choices }: { choices: readonly ExportChoice[] }) {
  const file = useFile();
  return (
    <Popover icon="download" text={file.isPending ? 'Exporting…' : 'Export'} label="Export what is shown">
      {(close) => (
        <div className="mw-exports">
          {choices.map(({ label, note, file: question }) => (
            <button
              key={label}
              type="button"
              className="mw-export"
              aria-disabled={file.isPending}
              onClick={() => !file.isPending && file.mutate(question, { onSuccess: close })}
            >
              <span className="mw-export-label">{label}</span>
              <span className="mw-export-note">{note}</span>
            </button>
          ))}
          {file.error && (
            <p className="mw-problem" role="alert">
              {file.error.message}
            </p>
          )}
        </div>
      )}
    </Popover>
  );
}
