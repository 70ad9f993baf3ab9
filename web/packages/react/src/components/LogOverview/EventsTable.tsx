'use client';

import type { UsageLogPage } from '@meterwire/client';
import { useView } from '../../hooks/useView.ts';
import {
  EVENT_COLUMNS,
  type EventCell,
  type EventColumn,
  type EventRow,
  type EventsState,
  eventRows,
  fromTheTop,
  pageSum,
} from '../../logic/events.ts';
import { formatUsdExact } from '../../logic/money.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { cleanFilters } from '../../logic/range.ts';
import { SortHeader } from '../UsageLogTable/SortHeader.tsx';

export interface EventsTableProps {
  page: UsageLogPage;
  tz: string;
  state: EventsState;
  onStateChange: (state: EventsState) => void;
  onOpen: (receipt: { source: string; id: string }) => void;
}

/** One page of events: a head sorts, a name filters, a row opens its receipt. The page adds up below. */
export function EventsTable({ page, tz, state, onStateChange, onOpen }: EventsTableProps) {
  const columns = EVENT_COLUMNS.filter(({ field }) => state.fields.includes(field));
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-log-scroll" role="region" aria-label="Events, table" tabIndex={0}>
      <table className="mw-table mw-events">
        <caption className="mw-hidden">
          Events, sorted by the column that says so. A row opens its receipt.
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <SortHeader
                key={column.field}
                column={column}
                sort={state.sort}
                onSort={(sort) => onStateChange({ ...fromTheTop(state), sort })}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {eventRows(page.items, tz, new Date()).map((row) => (
            <Row
              key={row.key}
              row={row}
              columns={columns}
              isOpen={state.receipt?.id === row.item.id && state.receipt.source === row.item.source}
              onOpen={() => onOpen({ source: row.item.source, id: row.item.id })}
            />
          ))}
        </tbody>
        <PageSumRow page={page} columns={columns} />
      </table>
    </div>
  );
}

interface RowProps {
  row: EventRow;
  columns: readonly EventColumn[];
  isOpen: boolean;
  onOpen: () => void;
}

function Row({ row, columns, isOpen, onOpen }: RowProps) {
  return (
    // The first cell is a button that does the same by keyboard.
    <tr className={`mw-event ${isOpen ? 'mw-event-open' : ''}`} onClick={onOpen}>
      {columns.map((column, at) => {
        const cell = row.cells[column.field];
        return (
          <td
            key={column.field}
            className={`mw-event-${column.field} ${column.numeric ? 'mw-num' : ''}`}
            data-label={column.label}
            title={cell.title}
          >
            {at === 0 ? (
              <button
                type="button"
                className="mw-event-opener"
                aria-label={`Receipt of ${row.item.id}, ${cell.text}`}
                onClick={(event) => {
                  event.stopPropagation();
                  onOpen();
                }}
              >
                {cell.text}
              </button>
            ) : (
              <Cell cell={cell} label={column.label} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Cell({ cell, label }: { cell: EventCell; label: string }) {
  const { view, setFilters } = useView();
  const { filter, text, tone } = cell;
  const shown = tone ? (
    <span className={`mw-badge ${tone === 'bad' ? 'mw-badge-bad' : ''}`}>{text}</span>
  ) : (
    text
  );
  if (!filter) return shown;
  const isOnly =
    view.filters[filter.dimension]?.length === 1 && view.filters[filter.dimension]?.[0] === filter.value;
  if (isOnly) return shown;
  return (
    <button
      type="button"
      // Thousands of them would be in the way of the keyboard: the field above filters too.
      tabIndex={-1}
      className="mw-cell-filter"
      title={`Show only ${label.toLowerCase()} ${filter.value || '(none)'}`}
      onClick={(event) => {
        event.stopPropagation();
        setFilters(cleanFilters({ ...view.filters, [filter.dimension]: [filter.value] }));
      }}
    >
      {shown}
    </button>
  );
}

/** What the rows of this page add up to; the words stand over the columns that nothing is added up in. */
function PageSumRow({ page, columns }: { page: UsageLogPage; columns: readonly EventColumn[] }) {
  const sum = pageSum(page.items);
  const found = columns.findIndex(({ field }) => field === 'totalTokens' || field === 'cost');
  const wordy = found < 0 ? columns.length : found;
  const textOf = ({ field }: EventColumn) => {
    if (field === 'totalTokens') return formatInteger(sum.tokens);
    if (field !== 'cost') return '';
    // Nothing is known of the cost of a page that has no price at all.
    return sum.unpriced === page.items.length ? 'No price' : formatUsdExact(sum.cost);
  };
  return (
    <tfoot>
      <tr>
        {wordy > 0 && (
          <th scope="row" colSpan={wordy}>
            {countOf(page.items.length, 'event')} on this page
          </th>
        )}
        {columns.slice(wordy).map((column) => (
          <td key={column.field} className={`mw-sum-${column.field} ${column.numeric ? 'mw-num' : ''}`}>
            {textOf(column)}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}
