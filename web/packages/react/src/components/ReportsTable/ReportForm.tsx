'use client';

import type { NewReport, Report, ReportFile, ReportRhythm } from '@meterwire/client';
import { useProjects, useSettingsChange } from '../../hooks/useSettings.ts';
import { type Problems, type Read, readUnless } from '../../logic/form.ts';
import { readRecipients, RHYTHM_HELP, RHYTHM_LABEL } from '../../logic/settings/words.ts';
import { isZone } from '../../logic/zones.ts';
import { ChoiceField, TextField, ZoneField } from '../Form/Field.tsx';
import { type Fields, ResourceForm } from '../Form/ResourceForm.tsx';

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

function read(draft: Draft): Read<NewReport> {
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
  if ('problem' in recipients) return { problems: { ...problems, to: recipients.problem } };
  return readUnless(problems, () => ({
    name: draft.name.trim(),
    every: draft.every,
    hour,
    to: recipients.to,
    formats: draft.files === 'both' ? ['csv', 'pdf'] : [draft.files],
    scope: draft.of === 'tenant' ? {} : { [draft.of]: draft.scope.trim() },
    ...(draft.zone.trim() ? { timezone: draft.zone.trim() } : {}),
  }));
}

export interface ReportFormProps {
  /** What is changed; without one a new report is made. */
  report?: Report;
  /** The tenant's own, which counts where none is entered. */
  zone: string;
  onDone: () => void;
}

/** What is mailed, to whom, and when. */
export function ReportForm({ report, zone, onDone }: ReportFormProps) {
  const save = useSettingsChange((client, wanted: NewReport, options) =>
    report ? client.reports.change(report.id, wanted, options) : client.reports.create(wanted, options),
  );
  return (
    <ResourceForm
      what="report"
      name={report?.name}
      begin={draftOf(report)}
      read={read}
      names={{ timezone: 'zone', formats: 'files' }}
      save={save}
      said={({ name }) =>
        report
          ? `Saved the report ${name}.`
          : `Added the report ${name}. The first one is of the period that is running now.`
      }
      onDone={onDone}
    >
      {(fields) => (
        <div className="mw-form-fields">
          <TextField
            {...fields.text('name')}
            label="Name"
            help="It stands in the subject of the mail."
            placeholder="Monthly statement"
          />
          <TextField
            {...fields.text('to')}
            label="Recipients"
            help="Up to 20 mail addresses, with commas between."
            placeholder="finance@example.com"
          />
          <When {...fields} zone={zone} />
          <What {...fields} />
        </div>
      )}
    </ResourceForm>
  );
}

function When({ draft, text, choice, zone }: Fields<Draft> & { zone: string }) {
  return (
    <>
      <ChoiceField {...choice('every')} label="Sent" help={RHYTHM_HELP[draft.every]} choices={RHYTHM_LABEL} />
      <TextField
        {...text('hour')}
        label="At, hour of the day"
        help="0 to 23, in the zone of the report."
        kind="decimal"
      />
      <ZoneField
        {...text('zone')}
        help="Where its days begin. Left empty it is the tenant’s."
        placeholder={zone}
      />
    </>
  );
}

function What({ draft, text, choice, change }: Fields<Draft>) {
  const projects = useProjects();
  const known = projects.data?.pages.flatMap(({ items }) => items) ?? [];
  const suggestions =
    draft.of === 'project'
      ? known.map(({ slug }) => slug)
      : [...new Set(known.flatMap(({ department }) => (department ? [department] : [])))];
  return (
    <>
      <ChoiceField
        {...choice('of')}
        label="Of"
        help="Whose usage and cost it tells."
        choices={OF_LABEL}
        onChange={(of) => change({ of, scope: '' })}
      />
      {draft.of !== 'tenant' && (
        <TextField
          {...text('scope')}
          label={draft.of === 'project' ? 'Project' : 'Department'}
          help="As events and projects name it."
          suggestions={suggestions}
        />
      )}
      <ChoiceField
        {...choice('files')}
        label="Files"
        help="What comes with the mail."
        choices={FILES_LABEL}
      />
    </>
  );
}
