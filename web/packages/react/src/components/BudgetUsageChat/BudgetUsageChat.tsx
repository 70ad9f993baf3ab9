'use client';

import type { Amount, Quota, Standing, TenantQuota } from '@meterwire/client';
import { useTenantQuota } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useMe } from '../../hooks/useSession.ts';
import { useView } from '../../hooks/useView.ts';
import { useMeterwire } from '../../state/context.ts';
import { LiveMark } from '../LiveMark/LiveMark.tsx';
import { MetricQuota } from '../MetricQuota/MetricQuota.tsx';
import { SourceNotice } from '../SourceNotice/SourceNotice.tsx';
import { Asked } from '../States/Asked.tsx';
import { ErrorState } from '../States/ErrorState.tsx';

/** Without costs: what was used this month against the monthly limits. */
export function BudgetUsageChat() {
  const me = useMe();
  const { tenant } = useView().view;
  const { fallback } = useMeterwire();
  // Nobody's name: where sample data may stand in, it needs none.
  const slug = tenant ?? me.data?.tenant?.slug ?? (me.error && fallback ? '-' : undefined);
  const quota = useTenantQuota(slug);
  if (me.error && slug === undefined) {
    return <ErrorState error={me.error} onRetry={() => me.refetch()} retrying={me.isFetching} />;
  }
  return (
    <Asked query={quota} label="usage against limits" skeleton="mw-skeleton-table">
      {(data) => (
        <>
          <SourceNotice />
          <div className="mw-spend-head">
            <p className="mw-section-text">
              No costs are known yet, so requests are shown against the monthly limits. Costs appear with the
              first event that has a price, or with a provider’s report.
            </p>
            <LiveMark
              asOf={data.asOf}
              zone={data.tz}
              fetching={quota.isFetching}
              failed={quota.source !== 'live'}
            />
          </div>
          <Quotas quota={data} />
        </>
      )}
    </Asked>
  );
}

function Quotas({ quota }: { quota: TenantQuota }) {
  const now = useNow();
  const { apiCalls, tokens, spend, tz } = quota;
  return (
    <div className="mw-quotas">
      <MetricQuota metric="api_calls" standing={standingOf(apiCalls)} zone={tz} now={now} />
      <MetricQuota metric="tokens" standing={standingOf(tokens)} zone={tz} now={now} />
      <MetricQuota metric="cost_usd" standing={standingOf(spend)} zone={tz} now={now} />
    </div>
  );
}

function standingOf({ used, limit, remaining, percentage, resetsAt }: Quota): Standing {
  return {
    current: Number(used),
    held: 0,
    limit: numberOf(limit),
    remaining: numberOf(remaining),
    percentage: percentage ?? null,
    window: 'month',
    resets_at: resetsAt,
  };
}

function numberOf(amount: Amount | null | undefined): number | null {
  return amount === null || amount === undefined ? null : Number(amount);
}
