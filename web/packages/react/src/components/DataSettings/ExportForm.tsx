'use client';

import { type FormEvent, useState } from 'react';
import { keepFile } from '../../hooks/keepFile.ts';
import { useJobs } from '../../hooks/useJobs.ts';
import { useView } from '../../hooks/useView.ts';
import { bytesText } from '../../logic/jobs.ts';
import { useMeterwire } from '../../state/MeterwireProvider.tsx';
import { ChoiceField } from '../Form/Field.tsx';

const RANGES = {
  today: 'Today',
  '7d': 'The last 7 days',
  '30d': 'The last 30 days',
  '90d': 'The last 90 days',
  this_month: 'This month',
  last_month: 'Last month',
  this_year: 'This year',
  '12m': 'The last 12 months',
};
type Range = keyof typeof RANGES;

const KINDS = {
  'log csv': 'Every event, CSV',
  'log ndjson': 'Every event, NDJSON',
  'summary csv': 'Sums by day, CSV',
  'breakdown csv': 'Sums by model, CSV',
  'summary pdf': 'A statement, PDF',
  'focus focus': 'FOCUS 1.2, CSV',
};
type Kind = keyof typeof KINDS;

const KIND_HELP: Record<Kind, string> = {
  'log csv': 'One row an event, with every token and cost.',
  'log ndjson': 'One object an event. It can be imported elsewhere as it is.',
  'summary csv': 'One row a day.',
  'breakdown csv': 'One row a model.',
  'summary pdf': 'Days, models, projects and users, to print or to file.',
  'focus focus': 'The open format for cost, for finance tools.',
};

const ENDING: Record<string, string> = { csv: 'csv', ndjson: 'ndjson', pdf: 'pdf', focus: 'csv' };

/** Chooses what is taken away, and begins. */
export function ExportForm() {
  const { client } = useMeterwire();
  const { view } = useView();
  const jobs = useJobs();
  const [range, setRange] = useState<Range>('30d');
  const [kind, setKind] = useState<Kind>('log csv');
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const [shape = '', format = ''] = kind.split(' ');
    const query = {
      format,
      ...(shape === 'focus' ? {} : { view: shape }),
      range,
      tz: view.tz,
      tenant: view.tenant,
    };
    const title = `Export: ${KINDS[kind]}, ${RANGES[range].toLowerCase()}`;
    jobs.start({ title, total: null, unit: 'bytes', place: 'data' }, async ({ signal, tell }) => {
      const { blob, name } = await client.download(query, (done) => tell({ done }), signal);
      keepFile(blob, name ?? `usage-${range}.${ENDING[format]}`);
      return `${bytesText(blob.size)} saved.`;
    });
  };
  return (
    <form className="mw-editor" aria-label="Export" onSubmit={begin}>
      <div className="mw-form-fields">
        <ChoiceField label="What" help={KIND_HELP[kind]} choices={KINDS} value={kind} onChange={setKind} />
        <ChoiceField
          label="Of when"
          help="In the zone of the page. Other days: choose them on a page and export there."
          choices={RANGES}
          value={range}
          onChange={setRange}
        />
      </div>
      <div className="mw-editor-actions">
        <button type="submit" className="mw-button mw-button-strong">
          Export
        </button>
      </div>
    </form>
  );
}
