import { formatUsd, mayRead, type Me, type Tenant, useLive, useLiveRefresh } from '@meterwire/react';
import { Link } from '@tanstack/react-router';

export interface LiveTodayProps {
  me: Me;
  tenant: Tenant | null;
}

/** What today has cost so far, within a second, and the way to what it is made of. */
export function LiveToday({ me, tenant }: LiveTodayProps) {
  const live = useLive(mayRead(me) && tenant !== null);
  useLiveRefresh(live);
  const { totals, state } = live;
  if (!totals) return null;
  const { calls, cost_usd, unpriced_calls: unpriced, tz } = totals;
  const search = { range: 'today', tz, metric: 'cost' };
  const isOn = state === 'live';
  // A call without a price is never a silent $0.
  const isUnknown = unpriced > 0 && Number(cost_usd) === 0;
  return (
    <Link
      className={`app-live ${isOn ? 'app-live-on' : ''}`}
      to="/"
      search={me.role === 'admin' && tenant ? { ...search, tenant: tenant.slug } : search}
      title={`${calls} calls today in ${tz}${unpriced > 0 ? `, ${unpriced} of them without a price` : ''}`}
    >
      <span className="app-live-dot" aria-hidden="true" />
      <span>
        Today <strong>{isUnknown ? 'no price' : formatUsd(cost_usd)}</strong>
        {unpriced > 0 && !isUnknown && ' +'}
      </span>
      <span className="mw-hidden">
        {unpriced > 0 && `and ${unpriced} ${unpriced === 1 ? 'call' : 'calls'} without a price, `}
        {isOn ? 'live' : 'not live'}
      </span>
    </Link>
  );
}
