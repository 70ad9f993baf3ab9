'use client';

import type { Dimension, Me } from '@meterwire/client';
import { useNewestEvent } from '../../hooks/useUsage.ts';
import { useKeyFigures } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { mayRead } from '../../logic/budget/state.ts';
import { widthOf } from '../../logic/chart/trend.ts';
import type { CompareChoice } from '../../logic/compare.ts';
import { timeInZone, todayInZone } from '../../logic/dates.ts';
import { daysShown, momentSpan } from '../../logic/period.ts';
import { DIMENSIONS } from '../../logic/range.ts';
import type { UsageStatsState } from '../../logic/usageStats.ts';
import { Advice } from '../Advice/Advice.tsx';
import { ComparePicker } from '../ComparePicker/ComparePicker.tsx';
import { CostChange } from '../CostChange/CostChange.tsx';
import { UsageExports } from '../ExportMenu/UsageExports.tsx';
import { DIMENSION_LABEL } from '../FilterBar/FilterBar.tsx';
import { FilterSearch } from '../FilterSearch/FilterSearch.tsx';
import { FirstRun } from '../FirstRun/FirstRun.tsx';
import { ForecastChart } from '../ForecastChart/ForecastChart.tsx';
import { KeyFigures } from '../KeyFigures/KeyFigures.tsx';
import { LogProvider, type LogWays } from '../LogLink/LogLink.tsx';
import { Outcomes } from '../Outcomes/Outcomes.tsx';
import { PeriodPicker } from '../PeriodPicker/PeriodPicker.tsx';
import { RankedBars } from '../RankedBars/RankedBars.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { UsageTrend } from '../UsageTrend/UsageTrend.tsx';
import { ZonePicker } from '../ZonePicker/ZonePicker.tsx';

export interface UsageStatsPageProps {
  me: Me;
  state: UsageStatsState;
  onStateChange: (state: UsageStatsState) => void;
  /** How numbers lead to the log; without it they are plain text. */
  log?: LogWays;
  /** The server's address as a shell would reach it, for the first event's command. */
  origin: string;
}

/** Everything about a tenant's usage over a period: how much, compared with what, why, and what will come of it. */
export function UsageStatsPage({ me, state, onStateChange, log, origin }: UsageStatsPageProps) {
  const { view } = useView();
  const tenant = me.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me.tenant;
  const tz = view.tz ?? tenant?.timezone ?? 'UTC';
  const days = daysShown(view.range, tz, todayInZone(new Date(), tz));
  const change = (part: Partial<UsageStatsState>) => onStateChange({ ...state, ...part });
  return (
    <LogProvider ways={log}>
      <div className="mw-overview mw-usage-page">
        <div className="mw-toolbar">
          <div className="mw-toolbar-words">
            <h1 className="mw-page-title">Usage</h1>
            {mayRead(me) && <ShownSpan compare={state.compare} />}
          </div>
          <div className="mw-toolbar-controls">
            <PeriodPicker tz={tz} />
            <ZonePicker shown={tz} tenantZone={tenant?.timezone} />
          </div>
        </div>
        {mayRead(me) ? (
          <>
            <div className="mw-subtoolbar">
              <FilterSearch />
              <div className="mw-subtoolbar-end">
                <ComparePicker
                  choice={state.compare}
                  days={days}
                  onChange={(compare) => change({ compare })}
                />
                <UsageExports
                  tenant={tenant?.slug ?? ''}
                  tz={tz}
                  granularity={widthOf(view.range, state.by)}
                  stack={state.stack}
                  rankedBy={state.costBy}
                />
              </div>
            </div>
            <Numbers me={me} state={state} change={change} tz={tz} origin={origin} />
          </>
        ) : (
          <NotForThisKey role={me.role} />
        )}
      </div>
    </LogProvider>
  );
}

function ShownSpan({ compare }: { compare: CompareChoice }) {
  const { data, error, isPlaceholderData } = useKeyFigures(compare);
  const span = data && !error && !isPlaceholderData && momentSpan(data.from, data.to, data.tz);
  return (
    <>
      <p className="mw-page-note">{span && `${span} · as of ${timeInZone(data.as_of, data.tz)}`}</p>
      {/* Said when the range changes, not with every refresh. */}
      <p className="mw-hidden" role="status">
        {span && `Showing ${span}`}
      </p>
    </>
  );
}

interface NumbersProps {
  me: Me;
  state: UsageStatsState;
  change: (part: Partial<UsageStatsState>) => void;
  tz: string;
  origin: string;
}

function Numbers({ me, state, change, tz, origin }: NumbersProps) {
  const figures = useKeyFigures(state.compare);
  const isEmpty = figures.data?.total.calls === 0 && !figures.isPlaceholderData && !figures.error;
  const newest = useNewestEvent(isEmpty);
  if (isEmpty && newest.data && newest.data.items.length === 0) {
    return <FirstRun me={me} origin={origin} />;
  }
  return (
    <>
      <KeyFigures compare={state.compare} />
      <UsageTrend state={state} onStateChange={change} compare={state.compare} />
      <div className="mw-pair">
        <CostChange compare={state.compare} />
        <ForecastChart me={me} metric={state.metric} tz={tz} />
      </div>
      <div className="mw-pair">
        <RankedBars title="Top models" dimension="model" metric="calls" />
        <RankedBars
          title={`Cost by ${DIMENSION_LABEL[state.costBy].toLowerCase()}`}
          dimension={state.costBy}
          metric="cost"
          choice={<DimensionChoice chosen={state.costBy} onChoose={(costBy) => change({ costBy })} />}
        />
      </div>
      <div className="mw-pair">
        <Outcomes />
        <Advice />
      </div>
    </>
  );
}

interface DimensionChoiceProps {
  chosen: Dimension;
  onChoose: (dimension: Dimension) => void;
}

function DimensionChoice({ chosen, onChoose }: DimensionChoiceProps) {
  return (
    <select
      className="mw-select"
      aria-label="Cost by"
      value={chosen}
      onChange={(event) => {
        const dimension = DIMENSIONS.find((one) => one === event.target.value);
        if (dimension) onChoose(dimension);
      }}
    >
      {DIMENSIONS.map((dimension) => (
        <option key={dimension} value={dimension}>
          {DIMENSION_LABEL[dimension]}
        </option>
      ))}
    </select>
  );
}
