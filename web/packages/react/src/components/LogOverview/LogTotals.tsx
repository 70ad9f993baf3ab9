'use client';

import { useLogTotals } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { shownValue } from '../../logic/metric.ts';
import { formatInteger } from '../../logic/number.ts';
import { UnpricedNumber } from '../LogLink/UnpricedLink.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

export interface LogTotalsProps {
  /** How many events the log shows; absent while that is asked. */
  shown: number | undefined;
}

/** What all events below add up to, to the last nano-dollar. An error is told by the events themselves. */
export function LogTotals({ shown }: LogTotalsProps) {
  const { data, error, isPlaceholderData } = useLogTotals();
  const { priced } = useView().view;
  if (error) return null;
  const isKnown = data && (priced === undefined || shown !== undefined);
  return (
    <dl
      className="mw-card mw-ministats mw-log-totals"
      aria-label="All events of this range"
      aria-busy={isPlaceholderData}
    >
      {!isKnown ? (
        <div>
          <dt className="mw-hidden">Totals</dt>
          <dd className="mw-ministat-value">
            <Skeleton label="totals" className="mw-skeleton-line" />
          </dd>
        </div>
      ) : priced === undefined ? (
        <>
          <MiniStat label="Events" value={formatInteger(data.total.calls ?? 0)} />
          <MiniStat label="Tokens" value={formatInteger(data.total.tokens ?? 0)} />
          <MiniStat label="Cost" value={shownValue(data.total, 'cost').exact} />
          <MiniStat label="Failed" value={formatInteger(data.total.errors ?? 0)} />
          <MiniStat
            label="Without a price"
            value={<UnpricedNumber calls={data.total.unpriced_calls ?? 0} />}
          />
        </>
      ) : (
        <>
          <MiniStat label="Events" value={formatInteger(shown ?? 0)} />
          <MiniStat label="Cost" value={priced ? shownValue(data.total, 'cost').exact : 'No price'} />
        </>
      )}
    </dl>
  );
}
