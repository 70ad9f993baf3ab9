'use client';

import type { StatsPeriod, UsageStats } from '@meterwire/client';
import { useUsageStats } from '../../hooks/useUsageStats.ts';
import { decimalOfNumber, formatUsd } from '../../logic/money.ts';
import { formatCompact, formatInteger, formatShare } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

export interface UsageOverviewProps {
  tenantSlug: string;
  /** This month where it is absent. */
  period?: StatsPeriod;
  /** Where the details are; null shows no link. */
  href?: string | null;
}

const PERIOD_WORDS: Record<StatsPeriod, string> = {
  today: 'Today',
  week: 'This week',
  month: 'This month',
  year: 'This year',
};

/** A tenant's usage at a glance: calls, tokens, cost and success, asked again by itself. */
export function UsageOverview({ tenantSlug, period = 'month', href }: UsageOverviewProps) {
  const stats = useUsageStats(tenantSlug, { period });
  const details = href === undefined ? `/dashboard/${encodeURIComponent(tenantSlug)}/usage` : href;
  return (
    <Card
      title="Usage overview"
      className="mw-card-widget"
      summary={PERIOD_WORDS[period]}
      busy={stats.isPlaceholderData}
      actions={
        details !== null && (
          <a className="mw-link" href={details}>
            View details <span className="mw-hidden">of usage</span>
          </a>
        )
      }
    >
      <Asked query={stats} label="usage" skeleton="mw-skeleton-tiles">
        {(data) =>
          data.apiCalls.total === 0 ? (
            <EmptyRange>No calls {PERIOD_WORDS[period].toLowerCase()} yet.</EmptyRange>
          ) : (
            <Tiles stats={data} />
          )
        }
      </Asked>
    </Card>
  );
}

function Tiles({ stats: { apiCalls, tokens, costs, unpricedCalls } }: { stats: UsageStats }) {
  const failing = apiCalls.failed / apiCalls.total > 0.05;
  return (
    <div className="mw-tiles">
      <MiniStat
        label="API calls"
        value={formatInteger(apiCalls.total)}
        note={apiCalls.failed > 0 && `${formatInteger(apiCalls.failed)} failed`}
        color="blue"
      />
      <MiniStat
        label="Tokens"
        value={
          <>
            <span aria-hidden="true" title={formatInteger(tokens.total)}>
              {formatCompact(tokens.total)}
            </span>
            <span className="mw-hidden">{formatInteger(tokens.total)}</span>
          </>
        }
        note={`${formatCompact(tokens.prompt)} in, ${formatCompact(tokens.completion)} out`}
        color="purple"
      />
      <MiniStat
        label="Cost"
        value={formatUsd(decimalOfNumber(costs.total))}
        note={unpricedCalls > 0 && `${formatInteger(unpricedCalls)} calls without a price`}
        color={unpricedCalls > 0 ? 'yellow' : 'green'}
      />
      <MiniStat
        label="Success rate"
        value={formatShare(apiCalls.successful, apiCalls.total)}
        color={failing ? 'red' : 'green'}
      />
    </div>
  );
}
