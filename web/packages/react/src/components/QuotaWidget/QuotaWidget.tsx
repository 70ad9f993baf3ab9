'use client';

import type { Quota, TenantQuota } from '@meterwire/client';
import { useTenantQuota } from '../../hooks/useMoney.ts';
import { daySpan } from '../../logic/dates.ts';
import { addDays } from '../../logic/range.ts';
import { decimalOfNumber, formatUsd } from '../../logic/money.ts';
import { formatInteger } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { Icon } from '../Icon/Icon.tsx';
import { type BarColor, ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';

export interface QuotaWidgetProps {
  tenantSlug: string;
}

/** From these percentages on a limit is near, and all but used up. */
const NEAR = 80;
const FULL = 95;

/** What a tenant used this month of its calls, tokens and spend. */
export function QuotaWidget({ tenantSlug }: QuotaWidgetProps) {
  const quota = useTenantQuota(tenantSlug);
  return (
    <Card
      title="Monthly quota"
      className="mw-card-widget"
      summary={quota.data && monthOf(quota.data)}
      busy={quota.isPlaceholderData}
    >
      <Asked query={quota} label="the monthly quota" skeleton="mw-skeleton-tiles">
        {(data) => <Lines quota={data} />}
      </Asked>
    </Card>
  );
}

function monthOf({ from, to }: TenantQuota): string {
  // Both are midnights of the tenant's zone; noon of the day before the end is in the last day of every zone.
  const last = new Date(Date.parse(to) - 43_200_000).toISOString().slice(0, 10);
  const first = new Date(Date.parse(from) + 43_200_000).toISOString().slice(0, 10);
  return `${daySpan(first, last)}, starts again on ${daySpan(addDays(last, 1), addDays(last, 1))}`;
}

const dollars = (amount: number) => formatUsd(decimalOfNumber(amount));

function Lines({ quota: { apiCalls, tokens, spend } }: { quota: TenantQuota }) {
  const lines = [
    { label: 'API calls', quota: apiCalls, format: formatInteger, color: 'blue' as const },
    { label: 'Tokens', quota: tokens, format: formatInteger, color: 'purple' as const },
    { label: 'Spend', quota: spend, format: dollars, color: 'blue' as const },
  ];
  const near = lines.filter((line) => (line.quota.percentage ?? 0) >= NEAR);
  return (
    <div className="mw-quota-lines">
      {lines.map((line) => (
        <Line key={line.label} {...line} />
      ))}
      {near.length > 0 && (
        <p className="mw-quota-warning" role="status">
          <Icon name="alert" />
          {near.map(({ label, quota }) => `${label}: ${warningOf(quota)}`).join(' · ')}
        </p>
      )}
    </div>
  );
}

function warningOf({ percentage }: Quota): string {
  const shown = Math.floor(percentage ?? 0);
  return shown >= 100 ? 'the limit is reached' : `${shown} % of the limit is used`;
}

interface LineProps {
  label: string;
  quota: Quota;
  format: (amount: number) => string;
  color: BarColor;
}

function Line({ label, quota, format, color }: LineProps) {
  const [used, limit] = [Number(quota.used), quota.limit];
  if (limit === null || limit === undefined) {
    return (
      <p className="mw-progress-words">
        <span className="mw-progress-label">{label}</span>
        <span className="mw-progress-value">
          {format(used)} <strong>no limit</strong>
        </span>
      </p>
    );
  }
  const percentage = quota.percentage ?? 0;
  const shown = percentage >= FULL ? 'red' : percentage >= NEAR ? 'yellow' : color;
  return <ProgressBar label={label} value={used} max={Number(limit)} color={shown} format={format} />;
}
