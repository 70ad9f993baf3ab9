'use client';

import type { LimitMetric, TopUser } from '@meterwire/client';
import { useId } from 'react';
import { useTopUsers } from '../../hooks/useLimits.ts';
import { daySpan } from '../../logic/dates.ts';
import { exactAmount, metricLabel, shownAmount } from '../../logic/limits/words.ts';
import { isDay } from '../../logic/range.ts';
import { Card } from '../Card/Card.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

export interface TopUsersProps {
  metric: LimitMetric | undefined;
  /** The day; today where it is absent. */
  date: string | undefined;
  /** The last day that can be chosen. */
  today: string;
  onDateChange: (date: string | undefined) => void;
  onUser: (user: string) => void;
}

/** Who used most of a metric on a day. */
export function TopUsers({ metric, date, today, onDateChange, onUser }: TopUsersProps) {
  const query = useTopUsers(metric?.name, date);
  const id = useId();
  const label = metricLabel(metric?.name ?? '');
  const items = query.data?.items.filter(({ current }) => current !== 0) ?? [];
  const day = query.data?.date ?? date ?? today;
  return (
    <Card
      title={`Top users by ${label}`}
      busy={query.isPlaceholderData}
      className="mw-card-stacked"
      summary={query.data && !query.error && `${daySpan(day, day)}, ${metric?.timezone ?? 'UTC'}`}
      actions={
        <div className="mw-date">
          <label className="mw-hidden" htmlFor={id}>
            Day of the top users
          </label>
          <input
            id={id}
            className="mw-input"
            type="date"
            max={today}
            min="2000-01-01"
            value={date ?? day}
            onChange={({ target: { value } }) => {
              if (isDay(value)) onDateChange(value === today ? undefined : value);
            }}
          />
        </div>
      }
    >
      <Asked query={query} label="top users" skeleton="mw-skeleton-table">
        {() =>
          items.length === 0 ? (
            <EmptyRange>Nobody used any of it on this day.</EmptyRange>
          ) : (
            <ol className="mw-plain-list mw-tops">
              {items.map((item) => (
                <Row
                  key={item.user}
                  item={item}
                  largest={items[0]?.current ?? item.current}
                  metric={metric}
                  onUser={onUser}
                />
              ))}
            </ol>
          )
        }
      </Asked>
    </Card>
  );
}

interface RowProps {
  item: TopUser;
  largest: number;
  metric: LimitMetric | undefined;
  onUser: (user: string) => void;
}

function Row({ item, largest, metric, onUser }: RowProps) {
  const { user, username, tier, current } = item;
  const name = metric?.name ?? '';
  const width = largest > 0 ? Math.max(0, (current / largest) * 100) : 0;
  return (
    <li className="mw-top">
      <button type="button" className="mw-link mw-link-plain mw-top-name" onClick={() => onUser(user)}>
        {username}
      </button>
      <span className="mw-top-tier">{tier}</span>
      <span className="mw-top-value" title={exactAmount(name, current)}>
        {shownAmount(name, current, metric?.unit)}
      </span>
      <span className="mw-hbar-track" aria-hidden="true">
        <span className="mw-hbar-fill" style={{ width: `${width}%` }} />
      </span>
    </li>
  );
}
