'use client';

import { type FormEvent, useState } from 'react';
import { canWriteFiles } from '../../hooks/saveTarget.ts';
import { useExport } from '../../hooks/useExport.ts';
import { useView } from '../../hooks/useView.ts';
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
  const { tz } = useView().view;
  const start = useExport();
  const [range, setRange] = useState<Range>('30d');
  const [kind, setKind] = useState<Kind>('log csv');
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const [shape = '', format = ''] = kind.split(' ');
    const query = {
      format,
      ...(shape === 'focus' ? {} : { view: shape }),
      range,
      tz,
    };
    void start({
      title: `Export: ${KINDS[kind]}, ${RANGES[range].toLowerCase()}`,
      query,
      name: `usage_${range}.${ENDING[format] ?? format}`,
      place: 'data',
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
      <p className="mw-form-help">
        {canWriteFiles()
          ? 'You are asked where the file goes, and it is written there while it comes.'
          : 'This browser gathers the file in memory first, so it may have at most 512 MiB. For more, use Chrome or Edge over HTTPS, or meterwire export on the command line.'}
      </p>
    </form>
  );
}
