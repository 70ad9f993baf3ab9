'use client';

import type { UsageLogPage } from '@meterwire/client';
import { useState } from 'react';
import { useUsageLog } from '../../hooks/useUsage.ts';
import { useView } from '../../hooks/useView.ts';
import { DEFAULT_LOG, LOG_COLUMNS, type LogRow, type LogState, logRows } from '../../logic/log.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
import { Pager } from './Pager.tsx';
import { SortHeader } from './SortHeader.tsx';

export interface UsageLogTableProps {
  /** The zone in which dates are shown; without one that of the provider, and without that UTC. */
  tz?: string;
  /** Give both to keep the order and the page in the address; without them the table keeps them itself. */
  state?: LogState;
  onStateChange?: (state: LogState) => void;
}

/** The events behind the totals, one a row, sorted and paged by the server. */
export function UsageLogTable({ tz: wanted, state, onStateChange }: UsageLogTableProps) {
  const [ownState, setOwnState] = useState(DEFAULT_LOG);
  const shown = state ?? ownState;
  const viewTz = useView().view.tz;
  const change = onStateChange ?? setOwnState;
  const { data, error, isPlaceholderData, isFetching, refetch } = useUsageLog(shown);
  const tz = wanted ?? viewTz ?? 'UTC';
  return (
    <Card
      title="Log"
      busy={isPlaceholderData}
      className="mw-card-log"
      summary={data && !error && `${countOf(data.total, 'event')} in this range, times in ${tz}.`}
    >
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton label="log" className="mw-skeleton-log" />
      ) : data.total === 0 ? (
        <EmptyRange>No event in this range matches.</EmptyRange>
      ) : (
        <LogBody page={data} tz={tz} state={shown} onStateChange={change} />
      )}
    </Card>
  );
}

interface LogBodyProps {
  page: UsageLogPage;
  tz: string;
  state: LogState;
  onStateChange: (state: LogState) => void;
}

function LogBody({ page, tz, state, onStateChange }: LogBodyProps) {
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll mw-log-scroll" role="region" aria-label="Log, table" tabIndex={0}>
        <table className="mw-table mw-log">
          <caption className="mw-hidden">Events, sorted by the column that says so</caption>
          <thead>
            <tr>
              {LOG_COLUMNS.map((column) => (
                <SortHeader
                  key={column.field}
                  column={column}
                  sort={state.sort}
                  onSort={(sort) => onStateChange({ ...state, sort, page: 1 })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {logRows(page.items, tz, new Date()).map((row) => (
              <Row key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager state={state} total={page.total} onStateChange={onStateChange} />
    </>
  );
}

function Row({ row }: { row: LogRow }) {
  return (
    <tr>
      <td className="mw-log-date">
        <time dateTime={row.instant}>{row.date}</time>
      </td>
      <td className="mw-log-project">{row.project}</td>
      <td className="mw-log-model" title={row.provider ? `${row.provider} / ${row.model}` : undefined}>
        {row.model}
      </td>
      <td className="mw-num mw-log-input">{row.input}</td>
      <td className="mw-num mw-log-output">{row.output}</td>
      <td className="mw-num mw-log-total">{row.total}</td>
      <td className="mw-num mw-log-cost">
        {row.cost ? (
          <span title={row.cost.exact}>{row.cost.text}</span>
        ) : (
          <span className="mw-badge">No price</span>
        )}
      </td>
      <td className="mw-num mw-log-status">
        {row.failed ? <span className="mw-badge mw-badge-bad">{row.status}</span> : row.status}
      </td>
      <td className="mw-num mw-log-latency">{row.latency}</td>
    </tr>
  );
}
