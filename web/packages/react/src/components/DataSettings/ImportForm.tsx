'use client';

import type { MeterwireClient } from '@meterwire/client';
import { useId, useRef } from 'react';
import { useJobs } from '../../hooks/useJobs.ts';
import { useView } from '../../hooks/useView.ts';
import {
  add,
  batchesOf,
  type Counted,
  countedText,
  NOTHING,
  problemsOf,
} from '../../logic/settings/events.ts';
import type { JobControl } from '../../state/jobs.ts';
import { useMeterwire } from '../../state/MeterwireProvider.tsx';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';

/** Takes a file of events in, a batch after the other. */
export function ImportForm({ origin }: { origin: string }) {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  const jobs = useJobs();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const begin = (file: File) => {
    jobs.start(
      { title: `Import of ${file.name}`, total: file.size, unit: 'bytes', place: 'data' },
      async (control) => {
        const text = await record(client, file, tenant, control);
        await queryClient.invalidateQueries({ queryKey: ['meterwire'] });
        return text;
      },
    );
    if (input.current) input.current.value = '';
  };
  return (
    <div className="mw-editor">
      <div className="mw-form-field">
        <label className="mw-form-label" htmlFor={id}>
          NDJSON, one event a line
        </label>
        <input
          ref={input}
          id={id}
          className="mw-input mw-file"
          type="file"
          accept=".ndjson,.jsonl,.json,application/x-ndjson"
          aria-describedby={`${id}-help`}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) begin(file);
          }}
        />
        <p className="mw-form-help" id={`${id}-help`}>
          A file of any size: it is sent in batches. Give every event an id, so that taking the file again
          stores nothing twice.
        </p>
      </div>
      <div className="mw-form-field">
        <p className="mw-form-help">For a CSV of any layout, the command line names its columns:</p>
        <CopyBlock label="Command that imports a CSV" text={csvCommand(origin)} />
      </div>
    </div>
  );
}

function csvCommand(origin: string): string {
  return [
    'meterwire import usage.csv --format csv \\',
    '  --map time=TIMESTAMP,input_tokens=IN,output_tokens=OUT \\',
    '  --set provider=openai,model=gpt-4o,project=chat \\',
    `  --url ${origin} --token "$METERWIRE_KEY"`,
  ].join('\n');
}

async function record(
  client: MeterwireClient,
  file: Blob,
  tenant: string | undefined,
  { signal, tell }: JobControl,
): Promise<string> {
  let counted: Counted = NOTHING;
  let problems: readonly string[] = [];
  for await (const batch of batchesOf(file)) {
    if (signal.aborted) break;
    const verdict = await client.recordLines(batch.text, { tenant, signal });
    counted = add(counted, verdict);
    problems = problemsOf(problems, verdict, batch.lines);
    tell({ done: batch.readUntil, text: countedText(counted), problems });
  }
  return `${countedText(counted)}.`;
}
