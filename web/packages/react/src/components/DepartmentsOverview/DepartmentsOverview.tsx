'use client';

import type { DepartmentCosts, Me } from '@meterwire/client';
import { useDepartmentCosts, useFile } from '../../hooks/useMoney.ts';
import { useView } from '../../hooks/useView.ts';
import { mayRead } from '../../logic/budget/state.ts';
import { comparedSpan, instantSpan, timeInZone } from '../../logic/dates.ts';
import { changeText, describeDepartments } from '../../logic/departments.ts';
import { formatUsd, formatUsdExact } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { spanOf } from '../../logic/range.ts';
import { Card } from '../Card/Card.tsx';
import { DateRangeFilter } from '../DateRangeFilter/DateRangeFilter.tsx';
import { FilterBar } from '../FilterBar/FilterBar.tsx';
import { UnpricedNumber } from '../LogLink/UnpricedLink.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { ZonePicker } from '../ZonePicker/ZonePicker.tsx';
import { DepartmentsTable } from './DepartmentsTable.tsx';

/** The whole page about cost by department below the header. */
export function DepartmentsOverview({ me }: { me: Me }) {
  const { view } = useView();
  const { data, error, isPlaceholderData } = useDepartmentCosts(mayRead(me));
  const tenant = me.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me.tenant;
  const tz = view.tz ?? tenant?.timezone ?? 'UTC';
  const span = data && !error && !isPlaceholderData && instantSpan(data.from, data.to, data.tz);
  return (
    <div className="mw-overview">
      <div className="mw-toolbar">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Departments</h1>
          <p className="mw-page-note">{span && `${span} · as of ${timeInZone(data.as_of, data.tz)}`}</p>
          <p className="mw-hidden" role="status">
            {span && `Showing ${span}`}
          </p>
        </div>
        <div className="mw-toolbar-controls">
          <DateRangeFilter tz={tz} />
          <ZonePicker shown={tz} tenantZone={tenant?.timezone} />
        </div>
      </div>
      <FilterBar />
      {mayRead(me) ? <Costs /> : <NotForThisKey role={me.role} />}
    </div>
  );
}

function Costs() {
  const query = useDepartmentCosts();
  const { data, error, isPlaceholderData } = query;
  return (
    <Card
      title="Cost by department"
      busy={isPlaceholderData}
      summary={data && !error && describeDepartments(data)}
      actions={data && !error && data.departments.length > 0 && <ExportCsv />}
    >
      <Asked query={query} label="costs by department" skeleton="mw-skeleton-table">
        {(costs) =>
          costs.departments.length === 0 ? (
            <EmptyRange>
              Nothing was recorded in this range. An event belongs to the department that it names, else to
              that of its project.
            </EmptyRange>
          ) : (
            <>
              <Total costs={costs} />
              <DepartmentsTable costs={costs} />
            </>
          )
        }
      </Asked>
    </Card>
  );
}

function ExportCsv() {
  const { view } = useView();
  const file = useFile();
  const { tenant: _, ...span } = spanOf(view);
  return (
    <>
      <button
        type="button"
        className="mw-button"
        aria-disabled={file.isPending}
        onClick={() =>
          !file.isPending &&
          file.mutate({
            path: '/api/v1/departments/costs',
            query: { ...span, filter: view.filters, compare: 'previous', format: 'csv' },
            name: 'departments.csv',
          })
        }
      >
        {file.isPending ? 'Exporting…' : 'Export CSV'}
      </button>
      {file.error && (
        <p className="mw-problem" role="alert">
          {file.error.message}
        </p>
      )}
    </>
  );
}

function Total({ costs }: { costs: DepartmentCosts }) {
  const { total, compared_from, compared_to, tz, to } = costs;
  const against =
    compared_from && compared_to
      ? comparedSpan({ from: compared_from, to: compared_to }, tz, to.slice(0, 4))
      : '';
  const none = costs.departments.find(({ department, other }) => department === null && !other);
  return (
    <dl className="mw-ministats mw-ministats-above">
      <MiniStat
        label="Total"
        value={<span title={formatUsdExact(total.cost_usd)}>{formatUsd(total.cost_usd)}</span>}
        note={countOf(total.calls, 'call')}
      />
      {total.previous_cost_usd !== null && (
        <MiniStat
          label="Change"
          value={changeText(total)}
          note={`from ${formatUsd(total.previous_cost_usd)} in ${against}`}
        />
      )}
      {none && (
        <MiniStat
          label="Without a department"
          value={<span title={formatUsdExact(none.cost_usd)}>{formatUsd(none.cost_usd)}</span>}
          note="neither the event nor its project names one"
        />
      )}
      {total.unpriced_calls > 0 && (
        <MiniStat
          label="Without a price"
          value={<UnpricedNumber calls={total.unpriced_calls} />}
          note="calls that are in no cost"
        />
      )}
    </dl>
  );
}
