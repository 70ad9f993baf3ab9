'use client';

import type { Adjustment, AdjustmentRow, Closing, ClosingChange } from '@meterwire/client';
import { useState } from 'react';
import { useAdjustment, useClosingChanges, useFile } from '../../hooks/useMoney.ts';
import { bucketLabel, instantInZone } from '../../logic/dates.ts';
import { formatUsdExact, formatUsdSigned } from '../../logic/money.ts';
import { countOf, formatSigned } from '../../logic/number.ts';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { First } from '../Paged/First.tsx';
import { Asked } from '../States/Asked.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

/** Statement, what has come since, and today's totals: the first two are the third, to the last digit. */
export function AdjustmentPanel({ closing, name }: { closing: Closing; name: string }) {
  const query = useAdjustment(closing.id);
  const file = useFile();
  return (
    <div className="mw-section">
      <div className="mw-section-head">
        <h3 className="mw-section-title">Adjustment</h3>
        {query.data && query.data.rows.length > 0 && (
          <button
            type="button"
            className="mw-button mw-button-small"
            aria-label={`Adjustment of ${name} as CSV`}
            aria-disabled={file.isPending}
            onClick={() =>
              file.mutate({
                path: '/api/v1/closings/{id}/adjustment',
                inPath: { id: closing.id },
                query: { format: 'csv' },
                name: `adjustment_${closing.name.replace('..', '_')}.csv`,
              })
            }
          >
            CSV
          </button>
        )}
      </div>
      <Asked query={query} label="adjustment" skeleton="mw-skeleton-line">
        {(data) => <Changed data={data} closing={closing} name={name} />}
      </Asked>
    </div>
  );
}

function Changed({ data, closing, name }: { data: Adjustment; closing: Closing; name: string }) {
  const [listed, setListed] = useState(false);
  const { statement, adjustment, today, rows, rows_left_out } = data;
  return (
    <>
      <dl className="mw-ministats mw-ministats-exact">
        <MiniStat
          label="Statement"
          value={formatUsdExact(statement.cost_usd)}
          note={countOf(statement.calls, 'call')}
        />
        <MiniStat
          label="Adjustment"
          value={formatUsdSigned(adjustment.cost_usd)}
          note={`${formatSigned(adjustment.calls)} ${adjustment.calls === 1 ? 'call' : 'calls'}`}
        />
        <MiniStat label="Today" value={formatUsdExact(today.cost_usd)} note={countOf(today.calls, 'call')} />
      </dl>
      {rows.length === 0 ? (
        <p className="mw-section-text">Nothing has changed since it was closed.</p>
      ) : (
        <>
          <First items={rows} one="group">
            {(shown) => <Rows rows={shown} name={name} />}
          </First>
          {rows_left_out > 0 && (
            <p className="mw-form-help">{countOf(rows_left_out, 'more group')} in the CSV.</p>
          )}
          <div>
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-expanded={listed}
              onClick={() => setListed(!listed)}
            >
              {listed ? 'Hide the events' : 'Show the events'}
            </button>
          </div>
          {listed && <Changes closing={closing} name={name} />}
        </>
      )}
    </>
  );
}

function Rows({ rows, name }: { rows: readonly AdjustmentRow[]; name: string }) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div
      className="mw-table-scroll mw-table-tall"
      role="region"
      aria-label={`Adjustment of ${name}, table`}
      tabIndex={0}
    >
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Of what</th>
            <th scope="col" className="mw-num">
              Calls
            </th>
            <th scope="col" className="mw-num">
              Statement
            </th>
            <th scope="col" className="mw-num">
              Adjustment
            </th>
            <th scope="col" className="mw-num">
              Today
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={[row.day, ...groupOf(row)].join(' ')}>
              <th scope="row">{bucketLabel(row.day, 'day')}</th>
              <td data-label="Of what">{groupText(row)}</td>
              <td className="mw-num" data-label="Calls">
                {formatSigned(row.adjustment.calls)}
              </td>
              <td className="mw-num" data-label="Statement">
                {formatUsdExact(row.statement.cost_usd)}
              </td>
              <td className="mw-num" data-label="Adjustment">
                {formatUsdSigned(row.adjustment.cost_usd)}
              </td>
              <td className="mw-num" data-label="Today">
                {formatUsdExact(row.today.cost_usd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Group = Pick<AdjustmentRow, 'provider' | 'model' | 'project' | 'department'>;

function groupOf({ provider, model, project, department }: Group): (string | null)[] {
  return [provider, model, project, department];
}

function groupText(group: Group): string {
  return groupOf(group).filter(Boolean).join(' · ') || '(none)';
}

function Changes({ closing, name }: { closing: Closing; name: string }) {
  const query = useClosingChanges(closing.id);
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (error && !data) {
    return <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />;
  }
  if (!data) return <Skeleton label="changes" className="mw-skeleton-line" />;
  const changes = data.pages.flatMap(({ items }) => items);
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div
        className="mw-table-scroll mw-table-tall"
        role="region"
        aria-label={`Events that changed ${name}, table`}
        tabIndex={0}
      >
        <table className="mw-table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Event</th>
              <th scope="col">Of what</th>
              <th scope="col" className="mw-num">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change, index) => (
              <ChangeRow key={`${index} ${change.at}`} change={change} zone={closing.timezone} />
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <div>
          <button
            type="button"
            className="mw-button mw-button-small"
            aria-disabled={isFetchingNextPage}
            onClick={() => !isFetchingNextPage && fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
    </>
  );
}

function ChangeRow({ change, zone }: { change: ClosingChange; zone: string }) {
  const { kind, at, source, id, adjustment } = change;
  return (
    <tr>
      <td data-label="When">
        <time dateTime={at}>{instantInZone(at, zone)}</time>
      </td>
      <td data-label="What">{kind === 'late' ? 'Came late' : 'Voided'}</td>
      <th scope="row">
        {id === null ? <span className="mw-quiet">dropped for its age</span> : `${source} / ${id}`}
      </th>
      <td data-label="Of what">{groupText(change)}</td>
      <td className="mw-num" data-label="Cost">
        {formatUsdSigned(adjustment.cost_usd)}
      </td>
    </tr>
  );
}
