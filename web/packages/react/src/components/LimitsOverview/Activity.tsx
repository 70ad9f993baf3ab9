'use client';

import type { HistoryDay, LimitMetric } from '@meterwire/client';
import { useId } from 'react';
import { useLimitHistory, useLimitMetrics } from '../../hooks/useLimits.ts';
import { useNow } from '../../hooks/useNow.ts';
import { todayInZone } from '../../logic/dates.ts';
import type { LimitsState } from '../../logic/limits/state.ts';
import { metricLabel, shownAmount } from '../../logic/limits/words.ts';
import { formatInteger } from '../../logic/number.ts';
import { LimitHistory } from '../LimitHistory/LimitHistory.tsx';
import { ManualReset } from '../ManualReset/ManualReset.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { NearLimits } from '../NearLimits/NearLimits.tsx';
import { TopUsers } from '../TopUsers/TopUsers.tsx';

export interface ActivityProps {
  state: LimitsState;
  onChange: (part: Partial<LimitsState>, how?: 'push' | 'replace') => void;
  onUser: (user: string) => void;
}

/** What happens with limits now: who is near one, who uses most, how the days went. */
export function Activity({ state, onChange, onUser }: ActivityProps) {
  const metrics = useLimitMetrics();
  const now = useNow();
  const id = useId();
  const all = metrics.data?.items ?? [];
  const metric = all.find(({ name }) => name === state.metric) ?? usual(all);
  return (
    <>
      <Today metrics={all} />
      <NearLimits
        threshold={state.threshold}
        onThresholdChange={(threshold) => onChange({ threshold }, 'replace')}
        onUser={onUser}
      />
      <div className="mw-subbar">
        <label className="mw-subbar-label" htmlFor={id}>
          Metric
        </label>
        <select
          id={id}
          className="mw-select"
          value={metric?.name ?? ''}
          onChange={(event) => onChange({ metric: event.target.value })}
        >
          {all.map(({ name }) => (
            <option key={name} value={name}>
              {metricLabel(name)}
            </option>
          ))}
        </select>
      </div>
      <div className="mw-pair">
        <LimitHistory metric={metric} days={state.days} onDaysChange={(days) => onChange({ days })} />
        <TopUsers
          metric={metric}
          date={state.date}
          today={todayInZone(now, metric?.timezone ?? 'UTC')}
          onDateChange={(date) => onChange({ date })}
          onUser={onUser}
        />
      </div>
      <section className="mw-card mw-danger" aria-label="Reset counters">
        <div className="mw-danger-words">
          <h2 className="mw-card-title">Reset counters by hand</h2>
          <p className="mw-card-summary">
            Counters start again by themselves with each window. By hand is for mistakes and for support.
          </p>
        </div>
        <ManualReset label="Reset counters of everyone…" />
      </section>
    </>
  );
}

/** The metric that says most at first sight. */
function usual(metrics: readonly LimitMetric[]): LimitMetric | undefined {
  return metrics.find(({ name }) => name === 'api_calls') ?? metrics[0];
}

const MOST_STATS = 4;

/** Today's sums over all users, as the server answers them. */
function Today({ metrics }: { metrics: readonly LimitMetric[] }) {
  const history = useLimitHistory(7);
  const today = history.data?.items[0];
  if (!today || history.error) return null;
  return (
    <section className="mw-card" aria-label="Today">
      <dl className="mw-ministats">
        <MiniStat label="Active users today" value={formatInteger(today.active_users)} />
        {counted(today, metrics).map(({ name, unit }) => (
          <MiniStat
            key={name}
            label={`${metricLabel(name)} today`}
            value={shownAmount(name, today.totals[name] ?? 0, unit)}
          />
        ))}
      </dl>
    </section>
  );
}

/** A level has no share of a day. */
function counted(day: HistoryDay, metrics: readonly LimitMetric[]): LimitMetric[] {
  return metrics.filter(({ name, window }) => window !== 'none' && name in day.totals).slice(0, MOST_STATS);
}
