'use client';

import type { NewReport, Report } from '@meterwire/client';
import { useState } from 'react';
import { useReports, useSettingsChange } from '../../hooks/useSettings.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ReportForm } from './ReportForm.tsx';
import { type ReportOpened, ReportRows } from './ReportRows.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';

export interface ReportsTableProps {
  canChange: boolean;
  /** The tenant's own. */
  zone: string;
}

/** Statements that are mailed by the calendar. */
export function ReportsTable({ canChange, zone }: ReportsTableProps) {
  const query = useReports();
  const [adding, setAdding] = useState(false);
  const noMail = query.data?.pages.some(({ items }) => items.some(({ mail_is_set_up: can }) => !can));
  return (
    <Card
      title="Reports"
      summary="Statements of usage and cost that are mailed when a day, a week or a month is over."
      actions={
        canChange && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a report
          </button>
        )
      }
    >
      {noMail && (
        <p className="mw-problem mw-stale" role="note">
          This server cannot send mail yet: whoever runs it has to set mail.url. Until then nothing is sent.
        </p>
      )}
      {adding && <AddReport zone={zone} onDone={() => setAdding(false)} />}
      <Paged
        query={query}
        label="reports"
        one="report"
        empty={`No report yet. ${canChange ? 'Add one for whoever closes the month.' : 'An owner adds them.'}`}
      >
        {(reports) => <Table reports={reports} canChange={canChange} zone={zone} />}
      </Paged>
    </Card>
  );
}

function AddReport({ zone, onDone }: { zone: string; onDone: () => void }) {
  const say = useNotice();
  const create = useSettingsChange((client, report: NewReport, options) =>
    client.reports.create(report, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New report</h3>
      <ReportForm
        zone={zone}
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(report) =>
          create.mutate(report, {
            onSuccess: ({ name }) => {
              onDone();
              say(`Added the report ${name}. The first one is of the period that is running now.`);
            },
          })
        }
      />
    </div>
  );
}

interface TableProps {
  reports: readonly Report[];
  canChange: boolean;
  zone: string;
}

function Table({ reports, canChange, zone }: TableProps) {
  const [opened, setOpened] = useState<{ id: string; what: ReportOpened } | null>(null);
  const [deleting, setDeleting] = useState<Report | null>(null);
  return (
    <>
      <EditableTable label="Reports" columns={['Report', 'To', 'Next']} actions>
        {reports.map((report) => (
          <ReportRows
            key={report.id}
            report={report}
            canChange={canChange}
            zone={zone}
            opened={opened?.id === report.id ? opened.what : null}
            onOpen={(what) => setOpened(what && { id: report.id, what })}
            onDelete={() => setDeleting(report)}
          />
        ))}
      </EditableTable>
      <DeleteReport report={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

function DeleteReport({ report, onClose }: { report: Report | null; onClose: () => void }) {
  const remove = useSettingsChange((client, id: string, options) => client.reports.remove(id, options));
  return (
    <DeleteDialog
      item={report && { id: report.id, name: report.name }}
      what="report"
      remove={remove}
      onClose={onClose}
    >
      <p>Nothing more is sent of it, and the list of what was sent goes with it. Usage stays as it is.</p>
    </DeleteDialog>
  );
}
