'use client';

import type { NewReport, Report } from '@meterwire/client';
import { useId } from 'react';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { instantInZone } from '../../logic/dates.ts';
import { rhythmText, scopeText, sentText } from '../../logic/settings/words.ts';
import { useNotice } from '../Notice/Notice.tsx';
import { ReportForm } from './ReportForm.tsx';
import { ReportHistory } from './ReportHistory.tsx';

export type ReportOpened = 'edit' | 'history';

export interface ReportRowsProps {
  report: Report;
  canChange: boolean;
  zone: string;
  opened: ReportOpened | null;
  onOpen: (what: ReportOpened | null) => void;
  onDelete: () => void;
}

export function ReportRows(props: ReportRowsProps) {
  const { report, canChange, zone, opened, onOpen } = props;
  const panelId = useId();
  const { name, to, scope, next_at, timezone, enabled } = report;
  return (
    <>
      <tr className={opened ? 'mw-row-open' : ''}>
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
            {canChange && <OnOff report={report} />}
            {next_at ? (
              <span className="mw-cell-note">
                <time dateTime={next_at}>{instantInZone(next_at, timezone).slice(0, -3)}</time>
              </span>
            ) : (
              !canChange && !enabled && <span className="mw-quiet">Off</span>
            )}
          </span>
        </td>
        <Actions {...props} panelId={panelId} />
      </tr>
      {opened && (
        <tr className="mw-row-editor" id={panelId}>
          <td colSpan={4}>
            {opened === 'edit' ? (
              <EditReport report={report} zone={zone} onDone={() => onOpen(null)} />
            ) : (
              <ReportHistory report={report} />
            )}
          </td>
        </tr>
      )}
    </>
  );
}

function Actions({
  report,
  canChange,
  opened,
  onOpen,
  onDelete,
  panelId,
}: ReportRowsProps & { panelId: string }) {
  const say = useNotice();
  const send = useSettingsChange((client, id: string, options) => client.reports.send(id, options));
  const { id, name } = report;
  const toggle = (what: ReportOpened, text: string, label: string) => (
    <button
      type="button"
      className="mw-button mw-button-small"
      aria-label={label}
      aria-expanded={opened === what}
      aria-controls={opened === what ? panelId : undefined}
      onClick={() => onOpen(opened === what ? null : what)}
    >
      {text}
    </button>
  );
  return (
    <td className="mw-row-actions mw-row-many">
      {canChange && (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`Send now: ${name}`}
          aria-disabled={send.isPending}
          onClick={() =>
            !send.isPending &&
            send.mutate(id, {
              onSuccess: (delivery) => {
                say(sentText(name, delivery));
                onOpen('history');
              },
            })
          }
        >
          {send.isPending ? 'Sending…' : 'Send now'}
        </button>
      )}
      {toggle('history', 'History', `History of ${name}`)}
      {canChange && toggle('edit', 'Edit', `Edit the report ${name}`)}
      {canChange && (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`Delete the report ${name}`}
          onClick={onDelete}
        >
          Delete
        </button>
      )}
      {send.error && (
        <span className="mw-problem mw-test-problem" role="alert">
          {send.error.message}
        </span>
      )}
    </td>
  );
}

function OnOff({ report }: { report: Report }) {
  const say = useNotice();
  const change = useSettingsChange((client, enabled: boolean, options) =>
    client.reports.change(report.id, { enabled }, options),
  );
  const on = change.isPending ? change.variables : report.enabled;
  return (
    <>
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={`Send ${report.name} by itself`}
          checked={on}
          onChange={(event) => {
            if (change.isPending) return;
            change.mutate(event.target.checked, {
              onSuccess: ({ enabled }) => say(`${report.name} is ${enabled ? 'on' : 'off'}.`),
            });
          }}
        />
        <span className="mw-switch-track" />
        <span aria-hidden="true">{on ? 'On' : 'Off'}</span>
      </label>
      {change.error && (
        <p className="mw-problem" role="alert">
          {change.error.message}
        </p>
      )}
    </>
  );
}

function EditReport({ report, zone, onDone }: { report: Report; zone: string; onDone: () => void }) {
  const say = useNotice();
  const save = useSettingsChange((client, change: NewReport, options) =>
    client.reports.change(report.id, change, options),
  );
  return (
    <ReportForm
      report={report}
      zone={zone}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(wanted) =>
        save.mutate(wanted, {
          onSuccess: ({ name }) => {
            onDone();
            say(`Saved the report ${name}.`);
          },
        })
      }
    />
  );
}
