'use client';

import type { LimitMetric, NearLimit } from '@meterwire/client';
import { useEffect, useId, useState } from 'react';
import { useLimitMetrics, useNearLimits } from '../../hooks/useLimits.ts';
import { useNow } from '../../hooks/useNow.ts';
import {
  exactAmount,
  metricLabel,
  percentText,
  resetWords,
  shownAmount,
  toneOf,
} from '../../logic/limits/words.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

export interface NearLimitsProps {
  /** From 0 to 1. */
  threshold: number;
  onThresholdChange: (threshold: number) => void;
  onUser: (user: string) => void;
}

/** Who has used more than a share of a limit, fullest first. */
export function NearLimits({ threshold, onThresholdChange, onUser }: NearLimitsProps) {
  const query = useNearLimits(threshold);
  const metrics = useLimitMetrics();
  const items = query.data?.items ?? [];
  const users = new Set(items.map(({ user }) => user)).size;
  const percent = percentText(threshold * 100);
  return (
    <Card
      title="Users near limits"
      busy={query.isPlaceholderData}
      className="mw-card-stacked"
      summary={
        query.data &&
        !query.error &&
        (users === 0
          ? `Nobody is above ${percent} of a limit.`
          : `${countOf(users, 'user')} above ${percent} of a limit.`)
      }
      actions={<Threshold threshold={threshold} onChange={onThresholdChange} />}
    >
      <Asked query={query} label="users near limits" skeleton="mw-skeleton-table">
        {() =>
          items.length === 0 ? (
            <EmptyRange>
              Nobody is above {percent} of a limit. A lower threshold shows who comes next.
            </EmptyRange>
          ) : (
            <Table items={items} metrics={metrics.data?.items ?? []} onUser={onUser} />
          )
        }
      </Asked>
    </Card>
  );
}

const SETTLE_MS = 250;

/** A slider that asks when it comes to rest, not at every step on the way. */
function Threshold({ threshold, onChange }: { threshold: number; onChange: (threshold: number) => void }) {
  const given = Math.round(threshold * 100);
  const [percent, setPercent] = useState(given);
  const id = useId();
  useEffect(() => setPercent(given), [given]);
  useEffect(() => {
    if (percent === given) return;
    const timer = setTimeout(() => onChange(percent / 100), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [percent, given, onChange]);
  return (
    <div className="mw-threshold">
      <label htmlFor={id}>Above</label>
      <input
        id={id}
        className="mw-slider"
        type="range"
        min={0}
        max={100}
        step={5}
        value={percent}
        aria-label="Above, percent of a limit"
        aria-valuetext={`${percent} percent`}
        onChange={(event) => setPercent(Number(event.target.value))}
      />
      <output className="mw-threshold-value" htmlFor={id}>
        {percent} %
      </output>
    </div>
  );
}

interface TableProps {
  items: readonly NearLimit[];
  metrics: readonly LimitMetric[];
  onUser: (user: string) => void;
}

function Table({ items, metrics, onUser }: TableProps) {
  const now = useNow();
  const metricOf = (name: string) => metrics.find((metric) => metric.name === name);
  return (
    // A scrolling region must be reachable by keyboard.
    <div
      className="mw-table-scroll mw-table-tall"
      role="region"
      aria-label="Users near limits, table"
      tabIndex={0}
    >
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">Tier</th>
            <th scope="col">Metric</th>
            <th scope="col" className="mw-num">
              Used
            </th>
            <th scope="col">Share</th>
            <th scope="col">Starts again</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={`${item.metric} ${item.user}`}
              item={item}
              metric={metricOf(item.metric)}
              now={now}
              onUser={onUser}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  item: NearLimit;
  metric: LimitMetric | undefined;
  now: Date;
  onUser: (user: string) => void;
}

function Row({ item, metric, now, onUser }: RowProps) {
  const { user, username, tier, current, held, limit, percentage, resets_at } = item;
  const label = metricLabel(item.metric);
  const shown = (value: number) => shownAmount(item.metric, value, metric?.unit);
  const { left, moment } = resetWords(resets_at, metric?.timezone ?? 'UTC', now);
  const used = `${shown(current)} of ${shown(limit)}`;
  return (
    <tr>
      <th scope="row">
        <button type="button" className="mw-link mw-link-plain" onClick={() => onUser(user)}>
          {username}
        </button>
        {username !== user && <span className="mw-cell-note">{user}</span>}
      </th>
      <td data-label="Tier">{tier}</td>
      <td data-label="Metric">{label}</td>
      <td className="mw-num" data-label="Used" title={exactAmount(item.metric, current)}>
        {used}
      </td>
      <td data-label="Share">
        <span className="mw-share">
          <ProgressBar
            percentage={percentage}
            heldPercentage={limit > 0 ? (held / limit) * 100 : 0}
            label={`${label} of ${user}`}
            valueText={`${used}, ${percentText(percentage)}`}
            tone={toneOf(percentage)}
          />
          <span className="mw-share-text">{percentText(percentage)}</span>
        </span>
      </td>
      <td data-label="Starts again" className="mw-quiet">
        <span>
          {left.replace(/^Resets /, '')}
          {moment && <span className="mw-cell-note">{moment}</span>}
        </span>
      </td>
    </tr>
  );
}
