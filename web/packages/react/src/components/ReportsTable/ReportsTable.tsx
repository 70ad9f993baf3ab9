'use client';

import type { Report } from '@meterwire/client';
import { useState } from 'react';
import { useReports, useSettingsChange } from '../../hooks/useSettings.ts';
import { instantInZone } from '../../logic/dates.ts';
import { rhythmText, scopeText, sentText } from '../../logic/settings/words.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { RowButton } from '../EditableTable/RowButton.tsx';
import { OnOffSwitch } from '../Form/OnOffSwitch.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { ReportForm } from './ReportForm.tsx';
import { ReportHistory } from './ReportHistory.tsx';

export interface ReportsTableProps {
  canChange: boolean;
  /** The tenant's own. */
  zone: string;
}

/** Statements that are mailed by the calendar. */
export function ReportsTable({ canChange, zone }: ReportsTableProps) {
  const query = useReports();
  const noMail = query.data?.pages.some(({ items }) => items.some(({ mail_is_set_up: can }) => !can));
  return (
    <ResourceCard
      title="Reports"
      summary="Statements of usage and cost that are mailed when a day, a week or a month is over."
      add={canChange && 'Add a report'}
      form={(close) => <ReportForm zone={zone} onDone={close} />}
    >
      {noMail && (
        <p className="mw-problem mw-stale" role="note">
          This server cannot send mail yet: whoever runs it has to set mail.url. Until then nothing is sent.
        </p>
      )}
      <Paged
        query={query}
        label="reports"
        one="report"
        empty={`No report yet. ${canChange ? 'Add one for whoever closes the month.' : 'An owner adds them.'}`}
      >
        {(reports) => <Table reports={reports} canChange={canChange} zone={zone} />}
      </Paged>
    </ResourceCard>
  );
}

const HISTORY = 'History';

function Table({ reports, canChange, zone }: ReportsTableProps & { reports: readonly Report[] }) {
  const [deleting, setDeleting] = useState<Report | null>(null);
  const remove = useSettingsChange((client, id: string, options) => client.reports.remove(id, options));
  return (
    <>
      <EditableTable
        label="Reports"
        columns={['Report', 'To', 'Next']}
        actions
        items={reports.map((report) => {
          const { id, name } = report;
          const history = {
            text: HISTORY,
            label: `History of ${name}`,
            content: () => <ReportHistory report={report} />,
          };
          const cells = <Cells report={report} canChange={canChange} />;
          const what = `the report ${name}`;
          if (!canChange) return { id, what, cells, wide: true, panels: [history] };
          const edit = {
            text: 'Edit',
            content: (close: () => void) => <ReportForm report={report} zone={zone} onDone={close} />,
          };
          return {
            id,
            what,
            cells,
            buttons: (open) => <SendButton report={report} onSent={() => open(HISTORY)} />,
            panels: [history, edit],
            removal: { text: 'Delete', run: () => setDeleting(report) },
          };
        })}
      />
      <DeleteDialog item={deleting} what="report" remove={remove} onClose={() => setDeleting(null)}>
        <p>Nothing more is sent of it, and the list of what was sent goes with it. Usage stays as it is.</p>
      </DeleteDialog>
    </>
  );
}

function Cells({ report, canChange }: { report: Report; canChange: boolean }) {
  const { id, name, to, scope, next_at, timezone, enabled } = report;
  const change = useSettingsChange((client, on: boolean, options) =>
    client.reports.change(id, { enabled: on }, options),
  );
  return (
    <>
      <th scope="row" className="mw-cell-id">
        <strong>{name}</strong>
        <span className="mw-cell-note mw-cell-wrap">
          {rhythmText(report)}, of {scopeText(scope)}
        </span>
      </th>
      <td data-label="To" className="mw-cell-id">
        <span title={to.join(', ')}>
          {to[0]}
          {to.length > 1 && <span className="mw-cell-note">and {to.length - 1} more</span>}
        </span>
      </td>
      <td data-label="Next">
        <span>
          {canChange && (
            <OnOffSwitch
              label={`Send ${name} by itself`}
              on={enabled}
              change={change}
              said={(on) => `${name} is ${on ? 'on' : 'off'}.`}
            />
          )}
          {next_at ? (
            <span className="mw-cell-note">
              <time dateTime={next_at}>{instantInZone(next_at, timezone).slice(0, -3)}</time>
            </span>
          ) : (
            !canChange && !enabled && <span className="mw-quiet">Off</span>
          )}
        </span>
      </td>
    </>
  );
}

function SendButton({ report: { id, name }, onSent }: { report: Report; onSent: () => void }) {
  const say = useNotice();
  const send = useSettingsChange((client, one: string, options) => client.reports.send(one, options));
  return (
    <RowButton
      text="Send now"
      busyText="Sending…"
      label={`Send now: ${name}`}
      id={id}
      act={send}
      onDone={(delivery) => {
        say(sentText(name, delivery));
        onSent();
      }}
    />
  );
}
