'use client';

import type { ReconciledSide, Reconciliation, ReconciliationRow } from '@meterwire/client';
import { useId, useState } from 'react';
import { bucketLabel } from '../../logic/dates.ts';
import { formatUsdExact, formatUsdSigned, isZeroUsd } from '../../logic/money.ts';
import { formatCompact } from '../../logic/number.ts';
import { causeLabel, providerLabel, sideText } from '../../logic/reconcile/words.ts';
import { First } from '../Paged/First.tsx';
import { Causes } from './Causes.tsx';

/** Day by model: both sides, the difference and its causes. */
export function ReconciliationTable({ answer }: { answer: Reconciliation }) {
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const rows = onlyDifferent
    ? answer.rows.filter(({ difference }) => !isZeroUsd(difference.cost_usd))
    : answer.rows;
  return (
    <>
      <label className="mw-switch mw-only">
        <input
          type="checkbox"
          role="switch"
          checked={onlyDifferent}
          onChange={(event) => setOnlyDifferent(event.target.checked)}
        />
        <span className="mw-switch-track" />
        <span>Only what differs</span>
      </label>
      <First items={rows} one="row">
        {(shown) => (
          // A scrolling region must be reachable by keyboard.
          <div
            className="mw-table-scroll mw-table-tall mw-table-reconcile"
            role="region"
            aria-label="Reconciliation, table"
            tabIndex={0}
          >
            <table className="mw-table mw-stack">
              <thead>
                <tr>
                  <th scope="col">Day and model</th>
                  <th scope="col" className="mw-num">
                    Provider
                  </th>
                  <th scope="col" className="mw-num">
                    Your events
                  </th>
                  <th scope="col" className="mw-num">
                    Difference
                  </th>
                  <th scope="col">Causes</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((row) => (
                  <Row key={`${row.day} ${row.provider_name} ${row.model}`} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </First>
      {rows.length === 0 && <p className="mw-form-help">Nothing differs.</p>}
    </>
  );
}

function Row({ row }: { row: ReconciliationRow }) {
  const [open, setOpen] = useState(false);
  const panelId = useId();
  const { day, provider_name, model, provider, metered, difference, causes, revised_at } = row;
  const name = `${bucketLabel(day, 'day')}, ${model || '(no model)'}`;
  return (
    <>
      <tr className={open ? 'mw-row-open' : ''}>
        <th scope="row">
          {bucketLabel(day, 'day')} · <strong>{model || '(no model)'}</strong>
          <span className="mw-cell-note">
            {providerLabel(provider_name)}
            {revised_at && ', revised by the provider'}
          </span>
        </th>
        <SideCell label="Provider" side={provider} />
        <SideCell label="Your events" side={metered} />
        <td className="mw-num" data-label="Difference">
          {isZeroUsd(difference.cost_usd) ? (
            <span className="mw-quiet">None</span>
          ) : (
            <strong>{formatUsdSigned(difference.cost_usd)}</strong>
          )}
        </td>
        <td data-label="Causes">
          {causes.length === 0 ? (
            <span className="mw-quiet">–</span>
          ) : (
            <button
              type="button"
              className="mw-link mw-link-plain"
              aria-expanded={open}
              aria-controls={open ? panelId : undefined}
              aria-label={`Causes of ${name}: ${causes.map(({ kind }) => causeLabel(kind)).join(', ')}`}
              onClick={() => setOpen(!open)}
            >
              {causes.map(({ kind }) => causeLabel(kind)).join(', ')}
            </button>
          )}
        </td>
      </tr>
      {open && (
        <tr className="mw-row-editor" id={panelId}>
          <td colSpan={5}>
            <Causes causes={causes} label={`Causes of ${name}`} />
          </td>
        </tr>
      )}
    </>
  );
}

function SideCell({ label, side }: { label: string; side: ReconciledSide }) {
  return (
    <td className="mw-num" data-label={label} title={sideText(side)}>
      <span>
        {formatUsdExact(side.cost_usd)}
        <span className="mw-cell-note">
          {side.requests === null ? '' : `${formatCompact(side.requests)} req · `}
          {formatCompact(side.input_tokens)} in · {formatCompact(side.output_tokens)} out
        </span>
      </span>
    </td>
  );
}
