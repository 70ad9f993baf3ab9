'use client';

import type { UsageAnswer } from '@meterwire/client';
import { useOutcomes } from '../../hooks/useUsageViews.ts';
import { isErrorStatus } from '../../logic/drill.ts';
import { countOf, formatInteger, formatMilliseconds, formatShare } from '../../logic/number.ts';
import { successRate } from '../../logic/success.ts';
import { Card } from '../Card/Card.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { ValueLink } from '../RankedBars/RankedBars.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

const LATENCIES = [
  { name: 'latency_p50', label: 'Latency, median' },
  { name: 'latency_p95', label: '95th percentile' },
  { name: 'latency_p99', label: '99th percentile' },
  { name: 'ttft_p50', label: 'First token, median' },
  { name: 'ttft_p95', label: 'First token, 95th' },
] as const;

/** How calls ended and how long they took: each status leads to its events. */
export function Outcomes() {
  const query = useOutcomes();
  const { data, error, isPlaceholderData } = query;
  return (
    <Card
      title="Success and speed"
      busy={isPlaceholderData}
      className="mw-card-outcomes"
      summary={data && !error && (data.total.calls ?? 0) > 0 && describeOutcomes(data)}
    >
      <Asked query={query} label="success and speed" skeleton="mw-skeleton-breakdown">
        {(answer) =>
          (answer.total.calls ?? 0) === 0 ? (
            <EmptyRange>Nothing was called in this range.</EmptyRange>
          ) : (
            <div className="mw-outcomes">
              <Latencies answer={answer} />
              <Statuses answer={answer} />
            </div>
          )
        }
      </Asked>
    </Card>
  );
}

function describeOutcomes({ total }: UsageAnswer): string {
  const failed = total.errors ?? 0;
  const calls = countOf(total.calls ?? 0, 'call');
  if (failed === 0) return `All of ${calls} succeeded.`;
  return `${successRate(total)} of ${calls} succeeded, ${formatInteger(failed)} failed.`;
}

function Statuses({ answer }: { answer: UsageAnswer }) {
  const calls = answer.total.calls ?? 0;
  return (
    <table className="mw-table mw-statuses">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col" className="mw-num">
            Calls
          </th>
          <th scope="col" className="mw-num">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.groups.map(({ key, other, total }) => {
          const status = key[0] ?? '';
          return (
            <tr key={other ? 'other' : status}>
              <th scope="row">
                {other ? (
                  'Other'
                ) : isErrorStatus(status) ? (
                  <span className="mw-badge mw-badge-bad">{status}</span>
                ) : (
                  status || '(none)'
                )}
              </th>
              <td className="mw-num">
                <ValueLink answer={answer} dimension="status" value={other ? null : status}>
                  {formatInteger(total.calls ?? 0)}
                </ValueLink>
              </td>
              <td className="mw-num">{formatShare(total.calls ?? 0, calls)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Latencies({ answer: { total } }: { answer: UsageAnswer }) {
  const measured = LATENCIES.flatMap(({ name, label }) => {
    const value = total[name];
    return value === null || value === undefined ? [] : [{ label, value }];
  });
  if (measured.length === 0)
    return <p className="mw-section-text">No event of this range says how long it took.</p>;
  return (
    <dl className="mw-ministats">
      {measured.map(({ label, value }) => (
        <MiniStat key={label} label={label} value={formatMilliseconds(value)} />
      ))}
    </dl>
  );
}
