'use client';

import type { BudgetStatus, UsageData } from '@meterwire/client';
import { useState } from 'react';
import type { SpendView } from '../../hooks/useSpend.ts';
import { levelText, toneOfLevel } from '../../logic/budget/words.ts';
import { axisLabel, bucketLabel, instantSpan, todayInZone } from '../../logic/dates.ts';
import { percentText } from '../../logic/limits/words.ts';
import { tickFormatter } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';
import { exactUsd, SOURCE_HELP, SOURCE_LABEL, shownUsd, statusText } from '../../logic/spend/words.ts';
import { type BarPoint, Bars } from '../Bars/Bars.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { LiveMark } from '../LiveMark/LiveMark.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { PointTable } from './PointTable.tsx';

export interface SpendOverviewProps {
  data: SpendView;
  fetching: boolean;
  failed: boolean;
}

/** The month so far against its budget, and the days that made it. */
export function SpendOverview({ data, fetching, failed }: SpendOverviewProps) {
  const { status, today } = data;
  const zone = status.tz;
  const { budget_alert_level: level, is_over_budget: isOver, budget_used_percentage: percentage } = status;
  const tone = toneOfLevel(level, isOver);
  const spent = `${shownUsd(status.current_spend)} of ${shownUsd(status.monthly_budget)}`;
  return (
    <>
      <div className="mw-spend-head">
        <div className={`mw-spend-main mw-level-${tone}`}>
          <p className="mw-spend-value" title={exactUsd(status.current_spend)}>
            <strong>{shownUsd(status.current_spend)}</strong>{' '}
            <span className="mw-quota-of">of {shownUsd(status.monthly_budget)}</span>
          </p>
          <p className="mw-level">
            <span className="mw-level-dot" aria-hidden="true" />
            {levelText(level, isOver)} · {percentText(percentage)} used
          </p>
        </div>
        <LiveMark asOf={status.as_of} zone={zone} fetching={fetching} failed={failed} />
      </div>
      <ProgressBar
        percentage={percentage}
        label={status.budget_name}
        valueText={`${spent}, ${percentText(percentage)}, ${levelText(level, isOver)}`}
        tone={tone}
      />
      <p className="mw-section-text">
        <strong>{status.budget_name}</strong>, {instantSpan(status.from, status.to, zone)}.{' '}
        {statusText(status)}
      </p>
      <dl className="mw-ministats">
        <MiniStat
          label="Projected"
          value={<Dollars value={status.projected_monthly_spend} />}
          note="spent ÷ the share of the period that is over"
        />
        <MiniStat
          label="Daily average"
          value={<Dollars value={status.daily_average} />}
          note="over the days so far"
        />
        <MiniStat
          label="Today"
          value={<Dollars value={today.total_cost} />}
          note={countOf(today.total_requests, 'request')}
        />
        <MiniStat label="Days remaining" value={String(status.days_remaining)} note="after today" />
      </dl>
      <Course data={data} />
      <Recommendations items={status.recommendations} />
      <p className="mw-figure-foot" title={SOURCE_HELP[status.source]}>
        {SOURCE_LABEL[status.source]}
        {status.source_reason && `: ${status.source_reason}`}
        <span className="mw-figure-zone">{zone}</span>
      </p>
    </>
  );
}

function Dollars({ value }: { value: number }) {
  return <span title={exactUsd(value)}>{shownUsd(value)}</span>;
}

/** By day, with the daily average across; or today by hour. */
function Course({ data: { month, today, status } }: { data: SpendView }) {
  const [hours, setHours] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const title = hours ? 'Spend today by hour' : 'Spend this month by day';
  const points = hours ? hourPoints(today) : dayPoints(month, averageOf(status, month));
  if (points.length === 0) return null;
  const summary = describe(points, hours);
  return (
    <div className="mw-section">
      <div className="mw-section-head mw-course-head">
        <h3 className="mw-section-title">{title}</h3>
        <fieldset className="mw-segments">
          <legend className="mw-hidden">Course of the spend</legend>
          {[false, true].map((one) => (
            <label className="mw-segment" key={String(one)}>
              <input type="radio" name="mw-course" checked={hours === one} onChange={() => setHours(one)} />
              <span>{one ? 'Today' : 'Month'}</span>
            </label>
          ))}
        </fieldset>
        <TableToggle what={title} asTable={asTable} onChange={setAsTable} />
      </div>
      <Figure label={`${title}. ${summary}`}>
        {asTable ? (
          <PointTable title={title} first={hours ? 'Hour' : 'Day'} points={points} />
        ) : (
          <Bars
            points={points}
            unit="US dollars"
            wholeNumbers={false}
            areHours={hours}
            tickText={(tick, step) => tickFormatter('cost', step)(tick)}
          />
        )}
        <figcaption className="mw-figure-foot">
          <span>{summary}</span>
          {points.some(({ mark }) => mark !== undefined) && (
            <span className="mw-legend-item">
              <span className="mw-legend-line" aria-hidden="true" />
              Daily average
            </span>
          )}
        </figcaption>
      </Figure>
    </div>
  );
}

/** The average is that of the budget: beside days of a month it only stands where the budget is of this month. */
function averageOf(status: BudgetStatus, month: UsageData): number | undefined {
  return status.from === month.from && status.tz === month.tz ? status.daily_average : undefined;
}

function dayPoints(month: UsageData, average: number | undefined): BarPoint[] {
  const today = todayInZone(new Date(month.as_of), month.tz);
  return (month.daily_breakdown ?? []).map(({ date, cost }) => ({
    key: date,
    name: bucketLabel(date, 'day'),
    tick: axisLabel(date, 'day'),
    value: cost,
    text: exactUsd(cost),
    partial: date === today,
    ...(average === undefined ? {} : { mark: average, markText: `average ${shownUsd(average)}` }),
  }));
}

function hourPoints(today: UsageData): BarPoint[] {
  const hours = today.hourly_breakdown ?? [];
  return hours.map(({ hour, from, cost }, index) => ({
    key: from,
    name: bucketLabel(hour, 'hour'),
    tick: axisLabel(hour, 'hour'),
    value: cost,
    text: exactUsd(cost),
    partial: index === hours.length - 1,
  }));
}

/** One sentence that says what a look at the chart would. */
function describe(points: readonly BarPoint[], hours: boolean): string {
  const most = points.reduce<BarPoint | undefined>(
    (best, point) => (point.value > (best?.value ?? 0) ? point : best),
    undefined,
  );
  if (!most) return hours ? 'Nothing was spent today.' : 'Nothing was spent this month.';
  return `Most ${hours ? 'at' : 'on'} ${most.name}: ${shownUsd(most.value)}.`;
}

export function Recommendations({ items }: { items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <div className="mw-section">
      <h3 className="mw-section-title">Recommendations</h3>
      <ul className="mw-advice">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}
