'use client';

import type { NewReport, Report, ReportFile, ReportRhythm } from '@meterwire/client';
import { useId, useState } from 'react';
import { useProjects } from '../../hooks/useSettings.ts';
import { readRecipients, RHYTHM_HELP, RHYTHM_LABEL } from '../../logic/settings/words.ts';
import { isZone, knownZones } from '../../logic/zones.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

type Of = 'tenant' | 'department' | 'project';

const OF_LABEL: Record<Of, string> = {
  tenant: 'The whole tenant',
  department: 'One department',
  project: 'One project',
};

type Files = 'both' | ReportFile;
const FILES_LABEL: Record<Files, string> = { both: 'PDF and CSV', pdf: 'PDF', csv: 'CSV' };

interface Draft {
  name: string;
  every: ReportRhythm;
  of: Of;
  scope: string;
  zone: string;
  hour: string;
  to: string;
  files: Files;
}

type Problems = { [Name in 'name' | 'scope' | 'zone' | 'hour' | 'to']?: string };

function draftOf(report: Report | undefined): Draft {
  const scope = report?.scope ?? {};
  return {
    name: report?.name ?? '',
    every: report?.every ?? 'month',
    of: scope.department ? 'department' : scope.project ? 'project' : 'tenant',
    scope: scope.department ?? scope.project ?? '',
    zone: report?.timezone ?? '',
    hour: String(report?.hour ?? 7),
    to: report?.to.join(', ') ?? '',
    files: report && report.formats.length === 1 ? (report.formats[0] ?? 'both') : 'both',
  };
}

function read(draft: Draft): { report: NewReport } | { problems: Problems } {
  const problems: Problems = {};
  const recipients = readRecipients(draft.to);
  const hour = Number(draft.hour);
  if (draft.name.trim() === '') problems.name = 'Enter a name. It stands in the subject of the mail.';
  if (draft.of !== 'tenant' && draft.scope.trim() === '') problems.scope = `Enter the ${draft.of}.`;
  if (draft.zone.trim() !== '' && !isZone(draft.zone.trim()))
    problems.zone = 'Enter a zone such as Europe/Berlin.';
  if (draft.hour.trim() === '' || !Number.isInteger(hour) || hour < 0 || hour > 23) {
    problems.hour = 'Enter an hour from 0 to 23.';
  }
  if ('problem' in recipients) problems.to = recipients.problem;
  if (Object.keys(problems).length > 0 || 'problem' in recipients) return { problems };
  return {
    report: {
      name: draft.name.trim(),
      every: draft.every,
      hour,
      to: recipients.to,
      formats: draft.files === 'both' ? ['csv', 'pdf'] : [draft.files],
      scope: draft.of === 'tenant' ? {} : { [draft.of]: draft.scope.trim() },
      ...(draft.zone.trim() ? { timezone: draft.zone.trim() } : {}),
    },
  };
}

export interface ReportFormProps {
  /** What is changed; without one a new report is made. */
  report?: Report;
  /** The tenant's own, which counts where none is entered. */
  zone: string;
  busy: boolean;
  error: Error | null;
  onSave: (report: NewReport) => void;
  onCancel: () => void;
}

/** What is mailed, to whom, and when. */
export function ReportForm({ report, zone, busy, error, onSave, onCancel }: ReportFormProps) {
  const [draft, setDraft] = useState(() => draftOf(report));
  const [problems, setProblems] = useState<Problems>({});
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const save = () => {
    const found = read(draft);
    setProblems('problems' in found ? found.problems : {});
    if ('problems' in found) return Object.keys(found.problems)[0];
    onSave(found.report);
    return undefined;
  };
  return (
    <Form
      label={report ? `Report ${report.name}` : 'New report'}
      saveLabel={report ? 'Save report' : 'Add the report'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        <TextField
          name="name"
          label="Name"
          help="It stands in the subject of the mail."
          placeholder="Monthly statement"
          value={draft.name}
          problem={problems.name}
          onChange={(name) => change({ name })}
        />
        <TextField
          name="to"
          label="Recipients"
          help="Up to 20 mail addresses, with commas between."
          placeholder="finance@example.com"
          value={draft.to}
          problem={problems.to}
          onChange={(to) => change({ to })}
        />
        <When draft={draft} problems={problems} zone={zone} onChange={change} />
        <What draft={draft} problems={problems} onChange={change} />
      </div>
    </Form>
  );
}

interface PartProps {
  draft: Draft;
  problems: Problems;
  onChange: (part: Partial<Draft>) => void;
}

function When({ draft, problems, zone, onChange }: PartProps & { zone: string }) {
  const zones = useId();
  return (
    <>
      <ChoiceField
        label="Sent"
        help={RHYTHM_HELP[draft.every]}
        choices={RHYTHM_LABEL}
        value={draft.every}
        onChange={(every) => onChange({ every })}
      />
      <TextField
        name="hour"
        label="At, hour of the day"
        help="0 to 23, in the zone of the report."
        kind="decimal"
        value={draft.hour}
        problem={problems.hour}
        onChange={(hour) => onChange({ hour })}
      />
      <TextField
        name="zone"
        label="Zone"
        help="Where its days begin. Left empty it is the tenant’s."
        placeholder={zone}
        list={zones}
        value={draft.zone}
        problem={problems.zone}
        onChange={(next) => onChange({ zone: next })}
      />
      <datalist id={zones}>
        {knownZones().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

function What({ draft, problems, onChange }: PartProps) {
  const projects = useProjects();
  const id = useId();
  const known = projects.data?.pages.flatMap(({ items }) => items) ?? [];
  const suggestions =
    draft.of === 'project'
      ? known.map(({ slug }) => slug)
      : [...new Set(known.flatMap(({ department }) => (department ? [department] : [])))];
  return (
    <>
      <ChoiceField
        label="Of"
        help="Whose usage and cost it tells."
        choices={OF_LABEL}
        value={draft.of}
        onChange={(of) => onChange({ of, scope: '' })}
      />
      {draft.of !== 'tenant' && (
        <>
          <TextField
            name="scope"
            label={draft.of === 'project' ? 'Project' : 'Department'}
            help="As events and projects name it."
            list={id}
            value={draft.scope}
            problem={problems.scope}
            onChange={(scope) => onChange({ scope })}
          />
          <datalist id={id}>
            {suggestions.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </>
      )}
      <ChoiceField
        label="Files"
        help="What comes with the mail."
        choices={FILES_LABEL}
        value={draft.files}
        onChange={(files) => onChange({ files })}
      />
    </>
  );
}
