import type { Granularity, UsageAnswer } from '@meterwire/client';
import { bucketLabel } from '../../logic/dates.ts';
import { exactColumn, METRIC_LABEL, type ShownMetric } from '../../logic/metric.ts';
import { formatInteger } from '../../logic/number.ts';

export interface PointsTableProps {
  answer: UsageAnswer;
  metric: ShownMetric;
  granularity: Granularity;
  title: string;
}

/** Every point of the chart, and the total that they add up to. */
export function PointsTable({ answer, metric, granularity, title }: PointsTableProps) {
  const { buckets, series, compared, total } = answer;
  const text = exactColumn(
    [...series, total, ...(compared ? [...compared.series, compared.total] : [])],
    metric,
  );
  const showUnpriced = metric === 'cost' && (total.unpriced_calls ?? 0) > 0;
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" className="mw-num">
              {METRIC_LABEL[metric]}
            </th>
            {showUnpriced && (
              <th scope="col" className="mw-num">
                Calls without a price
              </th>
            )}
            {compared && (
              <th scope="col" className="mw-num">
                Previous period
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket, index) => {
            const values = series[index] ?? {};
            const previous = compared?.series[index];
            return (
              <tr key={bucket.start}>
                <th scope="row">{bucketLabel(bucket.label, granularity)}</th>
                <td className="mw-num">{text(values)}</td>
                {showUnpriced && <td className="mw-num">{formatInteger(values.unpriced_calls ?? 0)}</td>}
                {compared && <td className="mw-num">{previous ? text(previous) : '–'}</td>}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="mw-num">{text(total)}</td>
            {showUnpriced && <td className="mw-num">{formatInteger(total.unpriced_calls ?? 0)}</td>}
            {compared && <td className="mw-num">{text(compared.total)}</td>}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
