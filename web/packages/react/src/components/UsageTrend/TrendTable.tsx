import type { Granularity, UsageAnswer } from '@meterwire/client';
import type { Trend, TrendMode } from '../../logic/chart/trend.ts';
import { bucketLabel } from '../../logic/dates.ts';
import type { Drill } from '../../logic/drill.ts';
import { exactColumn, METRIC_LABEL, type ShownMetric } from '../../logic/metric.ts';
import { LogLink } from '../LogLink/LogLink.tsx';

export interface TrendTableProps {
  answer: UsageAnswer;
  trend: Trend;
  metric: ShownMetric;
  granularity: Granularity;
  mode: TrendMode;
  title: string;
  beforeLabel: string;
  drillAt: (bar: number, part: number | null) => Drill | null;
  /** The rows of the bar that it is compared with. */
  drillBefore: (bar: number) => Drill | null;
}

/** Every point of the chart, each leading to its rows, and the totals that they add up to. */
export function TrendTable(props: TrendTableProps) {
  const { answer, trend, metric, granularity, mode, title, beforeLabel, drillAt, drillBefore } = props;
  const parts = trend.dimension === null ? [] : trend.series;
  const text = exactColumn(
    [
      ...trend.whole,
      ...parts.flatMap(({ values, total }) => [...values, total]),
      ...trend.before,
      answer.total,
    ],
    metric,
  );
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {parts.map(({ name, value }) => (
              <th scope="col" className="mw-num" key={`${value}`}>
                {name}
              </th>
            ))}
            <th scope="col" className="mw-num">
              {METRIC_LABEL[metric]}
            </th>
            {answer.compared && (
              <th scope="col" className="mw-num">
                {beforeLabel}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {trend.whole.map((whole, bar) => {
            const bucket = trend.buckets[bar];
            const before = trend.before[bar];
            if (!bucket) return null;
            return (
              <tr key={bucket.start}>
                <th scope="row">{bucketLabel(bucket.label, granularity)}</th>
                {parts.map(({ value, values }, part) => (
                  <td className="mw-num" key={`${value}`}>
                    <LogLink drill={drillAt(bar, part)}>{text(values[bar] ?? {})}</LogLink>
                  </td>
                ))}
                <td className="mw-num">
                  <LogLink drill={drillAt(bar, null)}>{text(whole)}</LogLink>
                </td>
                {answer.compared && (
                  <td className="mw-num">
                    {before ? <LogLink drill={drillBefore(bar)}>{text(before)}</LogLink> : '–'}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
        {/* The last running total is the whole already. */}
        {mode === 'each' && (
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              {parts.map(({ value, total }) => (
                <td className="mw-num" key={`${value}`}>
                  {text(total)}
                </td>
              ))}
              <td className="mw-num">{text(answer.total)}</td>
              {answer.compared && <td className="mw-num">{text(answer.compared.total)}</td>}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
