'use client';

import type { HistoryDay, LimitMetric } from '@meterwire/client';
import { useState } from 'react';
import { useLimitHistory } from '../../hooks/useLimits.ts';
import { axisLabel, bucketLabel } from '../../logic/dates.ts';
import { HISTORY_DAYS, type HistoryDays } from '../../logic/limits/state.ts';
import { exactAmount, metricLabel, unitBeside } from '../../logic/limits/words.ts';
import { formatInteger } from '../../logic/number.ts';
import { type BarPoint, Bars } from '../Bars/Bars.tsx';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { Asked } from '../States/Asked.tsx';

export interface LimitHistoryProps {
  metric: LimitMetric | undefined;
  days: HistoryDays;
  onDaysChange: (days: HistoryDays) => void;
}

/** How much of a metric all users used together, day by day. */
export function LimitHistory({ metric, days, onDaysChange }: LimitHistoryProps) {
  const query = useLimitHistory(days);
  const [asTable, setAsTable] = useState(false);
  const title = `${metricLabel(metric?.name ?? '')} by day`;
  const points = query.data && metric ? pointsOf(query.data.items, metric) : [];
  const summary = describe(points);
  return (
    <Card
      title={title}
      busy={query.isPlaceholderData}
      className="mw-card-stacked mw-card-history"
      summary={!query.error && query.data && summary}
      actions={
        <div className="mw-history-actions">
          <DaysChoice days={days} onChange={onDaysChange} />
          {query.data && !query.error && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
        </div>
      }
    >
      <Asked query={query} label="history" skeleton="mw-skeleton-history">
        {({ items }) => (
          <Figure label={`${title}. ${summary}`}>
            {asTable ? (
              <HistoryTable items={items} title={title} points={points} />
            ) : (
              <Bars
                points={points}
                unit={axisUnit(metric)}
                wholeNumbers={points.every(({ value }) => Number.isInteger(value))}
              />
            )}
            <figcaption className="mw-figure-foot">
              <span className="mw-figure-zone">{metric?.timezone ?? 'UTC'}</span>
            </figcaption>
          </Figure>
        )}
      </Asked>
    </Card>
  );
}

function DaysChoice({ days, onChange }: { days: HistoryDays; onChange: (days: HistoryDays) => void }) {
  return (
    <fieldset className="mw-segments">
      <legend className="mw-hidden">Days of the history</legend>
      {HISTORY_DAYS.map((one) => (
        <label className="mw-segment" key={one}>
          <input type="radio" name="mw-history-days" checked={days === one} onChange={() => onChange(one)} />
          <span>{one} days</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Oldest first, as time runs. */
function pointsOf(items: readonly HistoryDay[], metric: LimitMetric): BarPoint[] {
  const beside = unitBeside(metric.name, metric.unit);
  return [...items].reverse().map(({ date, totals }, index) => {
    const value = totals[metric.name] ?? 0;
    return {
      key: date,
      name: bucketLabel(date, 'day'),
      tick: axisLabel(date, 'day'),
      value,
      text: `${exactAmount(metric.name, value)}${beside && ` ${beside}`}`,
      partial: index === items.length - 1,
    };
  });
}

function axisUnit(metric: LimitMetric | undefined): string {
  if (!metric) return '';
  if (metric.name === 'cost_usd') return 'US dollars';
  return metric.unit ?? metricLabel(metric.name);
}

/** One sentence that says what a look at the chart would. */
function describe(points: readonly BarPoint[]): string {
  const most = points.reduce<BarPoint | undefined>(
    (best, point) => (point.value > (best?.value ?? 0) ? point : best),
    undefined,
  );
  if (!most) return 'Nothing was used in these days.';
  return `Most on ${bucketLabel(most.key, 'day', most.key.slice(0, 4))}: ${most.text}.`;
}

interface HistoryTableProps {
  items: readonly HistoryDay[];
  title: string;
  points: readonly BarPoint[];
}

function HistoryTable({ items, title, points }: HistoryTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" className="mw-num">
              Used
            </th>
            <th scope="col" className="mw-num">
              Active users
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ date, active_users }, index) => (
            <tr key={date}>
              <th scope="row">{bucketLabel(date, 'day')}</th>
              <td className="mw-num">{points[items.length - 1 - index]?.text}</td>
              <td className="mw-num">{formatInteger(active_users)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
