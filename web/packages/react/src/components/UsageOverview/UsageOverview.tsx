'use client';

import type { Me } from '@meterwire/client';
import { useNewestEvent, useOverview } from '../../hooks/useUsage.ts';
import { useView } from '../../hooks/useView.ts';
import { dayInZone, instantSpan, timeInZone, weekEndingWith } from '../../logic/dates.ts';
import type { LogState } from '../../logic/log.ts';
import type { ShownMetric } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';
import { granularityOf, hasFilters } from '../../logic/range.ts';
import { DateRangeFilter } from '../DateRangeFilter/DateRangeFilter.tsx';
import { UsageExports } from '../ExportMenu/UsageExports.tsx';
import { FilterSearch } from '../FilterSearch/FilterSearch.tsx';
import { FirstRun } from '../FirstRun/FirstRun.tsx';
import { ProjectBreakdownChart } from '../ProjectBreakdownChart/ProjectBreakdownChart.tsx';
import { ProviderBreakdownChart } from '../ProviderBreakdownChart/ProviderBreakdownChart.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { UsageChart } from '../UsageChart/UsageChart.tsx';
import { UsageLogTable } from '../UsageLogTable/UsageLogTable.tsx';
import { UsageSummary } from '../UsageSummary/UsageSummary.tsx';
import { ZonePicker } from '../ZonePicker/ZonePicker.tsx';

export interface UsageOverviewProps {
  me: Me;
  /** The metric that the chart draws, and the way to change it. */
  metric: ShownMetric;
  onMetricChange: (metric: ShownMetric) => void;
  log: LogState;
  onLogChange: (log: LogState) => void;
  /** The server's address as a shell would reach it, for the first event's command. */
  origin: string;
}

/** The whole first page below the header: range, totals, chart, breakdowns and log. */
export function UsageOverview(props: UsageOverviewProps) {
  const { me } = props;
  const { view } = useView();
  const { data, error, isFetching, isPlaceholderData, refetch } = useOverview();
  const tenant = me.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me.tenant;
  const shownSpan = data && !error && !isPlaceholderData && instantSpan(data.from, data.to, data.tz);
  const tz = view.tz ?? tenant?.timezone ?? 'UTC';
  return (
    <div className="mw-overview">
      <div className="mw-toolbar">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Overview</h1>
          <p className="mw-page-note">
            {shownSpan && `${shownSpan} · as of ${timeInZone(data.as_of, data.tz)}`}
          </p>
          {/* Said when the range changes, not with every refresh. */}
          <p className="mw-hidden" role="status">
            {shownSpan && `Showing ${shownSpan}`}
          </p>
        </div>
        <div className="mw-toolbar-controls">
          <DateRangeFilter tz={tz} />
          <ZonePicker shown={tz} tenantZone={tenant?.timezone} />
        </div>
      </div>
      <div className="mw-subtoolbar">
        <FilterSearch />
        <div className="mw-subtoolbar-end">
          <UsageExports
            tenant={tenant?.slug ?? ''}
            tz={tz}
            granularity={granularityOf(view.range)}
            stack={null}
            rankedBy="project"
          />
        </div>
      </div>
      {error ? (
        <section className="mw-card" aria-label="Error">
          <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
        </section>
      ) : data && data.total.calls === 0 && !isPlaceholderData ? (
        <NothingHere {...props} tz={tz} />
      ) : (
        <Numbers {...props} tz={tz} />
      )}
    </div>
  );
}

function Numbers({ metric, onMetricChange, log, onLogChange, tz }: UsageOverviewProps & { tz: string }) {
  return (
    <>
      <UsageSummary selected={metric} onSelect={onMetricChange} />
      <UsageChart metric={metric} />
      <div className="mw-pair">
        <ProviderBreakdownChart />
        <ProjectBreakdownChart />
      </div>
      <UsageLogTable tz={tz} state={log} onStateChange={onLogChange} />
    </>
  );
}

/** No calls in this range: either the tenant has none at all, or they lie elsewhere. */
function NothingHere(props: UsageOverviewProps & { tz: string }) {
  const { me, origin, tz } = props;
  const { view, setRange, setFilters } = useView();
  const { data, error, isFetching, refetch } = useNewestEvent(true);
  if (error) {
    return (
      <section className="mw-card" aria-label="Error">
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      </section>
    );
  }
  if (!data) return <Numbers {...props} />;
  const newest = data.items[0];
  if (!newest) {
    return <FirstRun me={me} origin={origin} />;
  }
  const newestDay = dayInZone(newest.date, tz);
  return (
    <section className="mw-card" aria-label="Nothing to show">
      <EmptyRange
        action={
          <div className="mw-state-actions">
            {hasFilters(view.filters) && (
              <button type="button" className="mw-button" onClick={() => setFilters({})}>
                Remove the filters
              </button>
            )}
            <button type="button" className="mw-button" onClick={() => setRange(weekEndingWith(newestDay))}>
              Show the week of the newest event
            </button>
          </div>
        }
      >
        No calls in this range{hasFilters(view.filters) ? ' match the filters' : ''}. The last twelve months
        have {countOf(data.total, 'event')}.
      </EmptyRange>
    </section>
  );
}
