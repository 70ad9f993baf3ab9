'use client';

import type { Me, UsageValues } from '@meterwire/client';
import { useNewestEvent } from '../../hooks/useUsage.ts';
import { useLogPage, useLogTotals } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { mayRead } from '../../logic/budget/state.ts';
import { timeInZone, todayInZone } from '../../logic/dates.ts';
import type { EventsState } from '../../logic/events.ts';
import { logFile, statementFile } from '../../logic/exports.ts';
import { shownValue } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';
import { daysShown, momentSpan } from '../../logic/period.ts';
import { addDays, isNarrowed } from '../../logic/range.ts';
import { Card } from '../Card/Card.tsx';
import { DateRangeFilter } from '../DateRangeFilter/DateRangeFilter.tsx';
import { ExportMenu } from '../ExportMenu/ExportMenu.tsx';
import { FilterSearch } from '../FilterSearch/FilterSearch.tsx';
import { ReceiptPanel } from '../ReceiptPanel/ReceiptPanel.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { ZonePicker } from '../ZonePicker/ZonePicker.tsx';
import { ColumnPicker } from './ColumnPicker.tsx';
import { EventsTable } from './EventsTable.tsx';
import { LogPager } from './LogPager.tsx';
import { LogTotals } from './LogTotals.tsx';

export interface LogOverviewProps {
  me: Me;
  state: EventsState;
  onStateChange: (state: EventsState) => void;
}

/** Every event of the range, sorted and filtered by the server, and each of them whole. */
export function LogOverview({ me, state, onStateChange }: LogOverviewProps) {
  const { view } = useView();
  const tenant = me.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me.tenant;
  const tz = view.tz ?? tenant?.timezone ?? 'UTC';
  return (
    <div className="mw-overview mw-log-page">
      <div className="mw-toolbar">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Log</h1>
          {mayRead(me) && <ShownSpan />}
        </div>
        <div className="mw-toolbar-controls">
          <DateRangeFilter tz={tz} />
          <ZonePicker shown={tz} tenantZone={tenant?.timezone} />
        </div>
      </div>
      {mayRead(me) ? (
        <>
          <div className="mw-subtoolbar">
            <FilterSearch />
            <div className="mw-subtoolbar-end">
              <ColumnPicker
                fields={state.fields}
                onChange={(fields) => onStateChange({ ...state, fields })}
              />
              <Exports tenant={tenant?.slug ?? ''} tz={tz} />
            </div>
          </div>
          <Events state={state} onStateChange={onStateChange} tz={tz} />
        </>
      ) : (
        <NotForThisKey role={me.role} />
      )}
    </div>
  );
}

function ShownSpan() {
  const { data, error, isPlaceholderData } = useLogTotals();
  const span = data && !error && !isPlaceholderData && momentSpan(data.from, data.to, data.tz);
  return (
    <>
      <p className="mw-page-note">{span && `${span} · as of ${timeInZone(data.as_of, data.tz)}`}</p>
      <p className="mw-hidden" role="status">
        {span && `Showing ${span}`}
      </p>
    </>
  );
}

function Exports({ tenant, tz }: { tenant: string; tz: string }) {
  const { view } = useView();
  const days = daysShown(view.range, tz, todayInZone(new Date(), tz));
  const wanted = { view, tenant, first: days.from, last: addDays(days.to, -1) };
  return (
    <ExportMenu
      choices={[
        {
          label: 'CSV of all events',
          note: 'every row that matches, all columns',
          file: logFile(wanted, 'csv'),
        },
        {
          label: 'NDJSON of all events',
          note: 'can be recorded elsewhere as it is',
          file: logFile(wanted, 'ndjson'),
        },
        {
          label: 'PDF statement',
          note: 'totals, days, models, projects and users',
          file: statementFile(wanted),
        },
      ]}
    />
  );
}

interface EventsProps extends Omit<LogOverviewProps, 'me'> {
  tz: string;
}

function Events({ state, onStateChange, tz }: EventsProps) {
  const query = useLogPage(state);
  const totals = useLogTotals();
  const { view, clearFilters } = useView();
  const { data, error, isPlaceholderData } = query;
  const newest = useNewestEvent(data?.items.length === 0 && !isPlaceholderData);
  const isUnused = newest.data?.items.length === 0;
  const sum = totals.data && !totals.error && !totals.isPlaceholderData ? totals.data.total : null;
  const words = sum && data && !error ? `${eventsText(data.total, sum, view.priced)}, times in ${tz}.` : '';
  const open = (receipt: EventsState['receipt']) => onStateChange({ ...state, receipt });
  return (
    <>
      <LogTotals shown={data && !error ? data.total : undefined} />
      <Card title="Events" busy={isPlaceholderData} className="mw-card-log" summary={words}>
        <Asked query={query} label="events" skeleton="mw-skeleton-log">
          {(page) =>
            page.items.length === 0 ? (
              <EmptyRange
                action={
                  isNarrowed(view) && (
                    <button type="button" className="mw-button" onClick={clearFilters}>
                      Remove the filters
                    </button>
                  )
                }
              >
                {isUnused
                  ? 'Nothing has been recorded yet. The overview shows how to send the first event.'
                  : `No event in this range${isNarrowed(view) ? ' matches the filters' : ''}.`}
              </EmptyRange>
            ) : (
              <>
                {page.eventsFrom && (
                  <p className="mw-section-text">
                    Single events are kept from {momentSpan(page.eventsFrom, page.to, tz)}; what is older is
                    kept as totals only.
                  </p>
                )}
                <EventsTable page={page} tz={tz} state={state} onStateChange={onStateChange} onOpen={open} />
                <LogPager page={page} state={state} onStateChange={onStateChange} />
              </>
            )
          }
        </Asked>
      </Card>
      <ReceiptPanel
        receipt={state.receipt}
        items={data && !error ? data.items : []}
        tz={tz}
        onOpen={open}
        onClose={() => open(undefined)}
      />
    </>
  );
}

/** Those without a price add up to nothing that is known. */
function eventsText(count: number, sum: UsageValues, priced: boolean | undefined): string {
  const events = countOf(count, 'event');
  if (priced === false) return `${events} without a price`;
  return `${events} of ${shownValue(sum, 'cost').exact} in all`;
}
