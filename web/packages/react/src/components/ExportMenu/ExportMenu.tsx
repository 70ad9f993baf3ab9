'use client';

import { useExport } from '../../hooks/useExport.ts';
import { useJobs } from '../../hooks/useJobs.ts';
import { type FileQuestion, useFile } from '../../hooks/useMoney.ts';
import { JobsList } from '../JobsList/JobsList.tsx';
import { Popover } from '../Popover/Popover.tsx';

export interface ExportChoice {
  label: string;
  /** What is in it, in a few words. */
  note: string;
  file: FileQuestion & {
    /** It may be of any size, and is taken away as work that goes on when the page is left. */
    large?: boolean;
  };
}

const PLACE = 'export';

/** What is on the screen as a file, with its range, zone and filters in its head. */
export function ExportMenu({ choices }: { choices: readonly ExportChoice[] }) {
  const file = useFile();
  const start = useExport();
  const { jobs } = useJobs();
  const isBusy = file.isPending || jobs.some(({ state, place }) => state === 'running' && place === PLACE);
  const take = ({ label, file: { large = false, ...question } }: ExportChoice, close: () => void) => {
    if (file.isPending) return;
    if (large) void start({ title: label, query: question.query ?? {}, name: question.name, place: PLACE });
    else file.mutate(question, { onSuccess: close });
  };
  return (
    <Popover icon="download" text={isBusy ? 'Exporting…' : 'Export'} label="Export what is shown">
      {(close) => (
        <div className="mw-exports">
          {choices.map((choice) => (
            <button
              key={choice.label}
              type="button"
              className="mw-export"
              aria-disabled={file.isPending}
              onClick={() => take(choice, close)}
            >
              <span className="mw-export-label">{choice.label}</span>
              <span className="mw-export-note">{choice.note}</span>
            </button>
          ))}
          {file.error && (
            <p className="mw-problem" role="alert">
              {file.error.message}
            </p>
          )}
          <JobsList place={PLACE} />
        </div>
      )}
    </Popover>
  );
}
