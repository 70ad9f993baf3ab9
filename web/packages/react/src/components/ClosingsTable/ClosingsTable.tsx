'use client';

import type { Closing } from '@meterwire/client';
import { useId, useState } from 'react';
import { useClosings, useFile, useMoneyChange } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { closableMonths, closingName } from '../../logic/closing.ts';
import { instantInZone } from '../../logic/dates.ts';
import { formatUsdExact, formatUsdSigned } from '../../logic/money.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { rangeOfInstants } from '../../logic/period.ts';
import { Card } from '../Card/Card.tsx';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { type Column, EditableTable } from '../EditableTable/EditableTable.tsx';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { First } from '../Paged/First.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { AdjustmentPanel } from './AdjustmentPanel.tsx';

export interface ClosingsTableProps {
  canChange: boolean;
  /** The tenant's zone, in which its months begin and end. */
  zone: string;
}

/** Months whose statement is frozen, what they came to, and what has changed since. */
export function ClosingsTable({ canChange, zone }: ClosingsTableProps) {
  const query = useClosings();
  return (
    <Card
      title="Closed months"
      summary="Closing freezes the statement of a month for good. What comes later is shown beside it as an adjustment."
      actions={canChange && query.data && <CloseMonth closed={query.data.items} zone={zone} />}
    >
      <Asked keep query={query} label="closed months" skeleton="mw-skeleton-table">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyRange>
              No month is closed yet.{' '}
              {canChange
                ? 'Close the last one when its usage is complete.'
                : 'An owner closes one when its usage is complete.'}
            </EmptyRange>
          ) : (
            <First items={items} one="closed month" step={24}>
              {(shown) => <Table closings={shown} canChange={canChange} />}
            </First>
          )
        }
      </Asked>
    </Card>
  );
}

function CloseMonth({ closed, zone }: { closed: readonly Closing[]; zone: string }) {
  const say = useNotice();
  const now = useNow();
  const selectId = useId();
  const [open, setOpen] = useState(false);
  const months = closableMonths(closed, zone, now);
  const [chosen, setChosen] = useState('');
  const month = months.find(({ name }) => name === chosen) ?? months[0];
  const close = useMoneyChange((client, name: string, options) => client.closings.close(name, options));
  const leave = () => {
    close.reset();
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        className="mw-button"
        aria-haspopup="dialog"
        aria-disabled={!month}
        onClick={() => month && setOpen(true)}
      >
        Close a month…
      </button>
      <ConfirmDialog
        open={open}
        title="Close a month?"
        confirmLabel={`Close ${month?.label ?? 'the month'}`}
        busyLabel="Closing…"
        busy={close.isPending}
        error={close.error}
        onClose={leave}
        onConfirm={() => {
          if (!month) return;
          close.mutate(month.name, {
            onSuccess: ({ cost_usd }) => {
              leave();
              say(`Closed ${month.label} at ${formatUsdExact(cost_usd)}.`);
            },
          });
        }}
      >
        <div className="mw-form-field">
          <label className="mw-form-label" htmlFor={selectId}>
            Month ({zone})
          </label>
          <select
            id={selectId}
            className="mw-select"
            value={month?.name ?? ''}
            onChange={(event) => setChosen(event.target.value)}
          >
            {months.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <p>
          Its statement is frozen as it is now: by day, provider, model, project and department. Events that
          arrive later are recorded as ever and shown as an adjustment.
        </p>
      </ConfirmDialog>
    </>
  );
}

const COLUMNS: readonly Column[] = [
  'Month',
  'Closed',
  { name: 'Calls', numeric: true },
  { name: 'Statement', numeric: true },
  { name: 'Since', numeric: true },
];

function Table({ closings, canChange }: { closings: readonly Closing[]; canChange: boolean }) {
  const [reopening, setReopening] = useState<Closing | null>(null);
  return (
    <>
      <EditableTable
        label="Closed months"
        columns={COLUMNS}
        actions
        items={closings.map((closing) => {
          const name = closingName(closing);
          return {
            id: closing.id,
            what: name,
            cells: <Cells closing={closing} />,
            panels: [
              {
                text: 'Show',
                label: `Show the statement of ${name}`,
                content: () => <Statement closing={closing} name={name} />,
              },
            ],
            removal: canChange ? { text: 'Reopen…', run: () => setReopening(closing) } : undefined,
          };
        })}
      />
      <Reopen closing={reopening} onClose={() => setReopening(null)} />
    </>
  );
}

function Cells({ closing }: { closing: Closing }) {
  const { timezone, closed_at, closed_by, cost_usd, calls, unpriced_calls, since } = closing;
  return (
    <>
      <th scope="row">
        <strong>{closingName(closing)}</strong>
        <span className="mw-cell-note">{timezone}</span>
      </th>
      <td data-label="Closed">
        <span>
          <time dateTime={closed_at}>{instantInZone(closed_at, timezone)}</time>
          <span className="mw-cell-note">by {closed_by}</span>
        </span>
      </td>
      <td className="mw-num" data-label="Calls">
        {formatInteger(calls)}
      </td>
      <td className="mw-num" data-label="Statement">
        <span>
          {formatUsdExact(cost_usd)}
          {unpriced_calls > 0 && (
            <span className="mw-cell-note mw-unpriced-text">
              <UnpricedLink
                calls={unpriced_calls}
                drill={{
                  range: rangeOfInstants(closing.from, closing.to, timezone),
                  filters: {},
                  tz: timezone,
                }}
              />
            </span>
          )}
        </span>
      </td>
      <td className="mw-num" data-label="Since">
        {since.changes === 0 ? (
          <span className="mw-quiet">Nothing</span>
        ) : (
          <span>
            {formatUsdSigned(since.cost_usd)}
            <span className="mw-cell-note">{countOf(since.changes, 'change')}</span>
          </span>
        )}
      </td>
    </>
  );
}

const FORMATS = ['pdf', 'csv', 'json'] as const;

/** The frozen statement to take away, its hash, and what came after it. */
function Statement({ closing, name }: { closing: Closing; name: string }) {
  const file = useFile();
  return (
    <div className="mw-closing">
      <div className="mw-editor-actions">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            className="mw-button"
            aria-label={`Statement of ${name} as ${format.toUpperCase()}`}
            aria-disabled={file.isPending}
            onClick={() =>
              file.mutate({
                path: '/api/v1/closings/{id}/statement',
                inPath: { id: closing.id },
                query: { format },
                name: `statement_${closing.name.replace('..', '_')}.${format}`,
              })
            }
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
      {file.error && (
        <p className="mw-problem" role="alert">
          {file.error.message}
        </p>
      )}
      <p className="mw-form-help">
        SHA-256 of the JSON statement: <code className="mw-hash">{closing.sha256}</code>
      </p>
      <AdjustmentPanel closing={closing} name={name} />
    </div>
  );
}

function Reopen({ closing, onClose }: { closing: Closing | null; onClose: () => void }) {
  const say = useNotice();
  const reopen = useMoneyChange((client, id: string, options) => client.closings.reopen(id, options));
  const name = closing ? closingName(closing) : '';
  const leave = () => {
    reopen.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={closing !== null}
      title={`Reopen ${name}?`}
      confirmLabel="Reopen the month"
      busyLabel="Reopening…"
      busy={reopen.isPending}
      error={reopen.error}
      onClose={leave}
      onConfirm={() => {
        if (!closing) return;
        reopen.mutate(closing.id, {
          onSuccess: () => {
            leave();
            say(`Reopened ${name}.`);
          },
        });
      }}
    >
      <p>
        Its frozen statement and the list of changes since are forgotten. Whoever has a copy can still be told
        by its SHA-256, which the audit log keeps with your name.
      </p>
    </ConfirmDialog>
  );
}
