'use client';

import { useLogTotals } from '../../hooks/useUsageViews.ts';
import { shownValue } from '../../logic/metric.ts';
import { formatInteger } from '../../logic/number.ts';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

/** What all events below add up to, to the last nano-dollar. An error is told by the events themselves. */
export function LogTotals() {
  const { data, error, isPlaceholderData } = useLogTotals();
  if (error) return null;
  return (
    <dl
      className="mw-card mw-ministats mw-log-totals"
      aria-label="All events of this range"
      aria-busy={isPlaceholderData}
    >
      {data ? (
        <>
          <MiniStat label="Events" value={formatInteger(data.total.calls ?? 0)} />
          <MiniStat label="Tokens" value={formatInteger(data.total.tokens ?? 0)} />
          <MiniStat label="Cost" value={shownValue(data.total, 'cost').exact} />
          <MiniStat label="Failed" value={formatInteger(data.total.errors ?? 0)} />
          <MiniStat label="Without a price" value={formatInteger(data.total.unpriced_calls ?? 0)} />
        </>
      ) : (
        <div>
          <dt className="mw-hidden">Totals</dt>
          <dd className="mw-ministat-value">
            <Skeleton label="totals" className="mw-skeleton-line" />
          </dd>
        </div>
      )}
    </dl>
  );
}
