'use client';

import type { Report, ReportDelivery } from '@meterwire/client';
import { useReportDeliveries } from '../../hooks/useSettings.ts';
import { instantInZone, instantSpan } from '../../logic/dates.ts';
import { DELIVERY_LABEL } from '../../logic/settings/words.ts';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

const TONE: Record<ReportDelivery['state'], string> = {
  delivered: 'good',
  pending: 'waiting',
  failed: 'bad',
};

/** What was sent of a report lately, and what became of it. */
export function ReportHistory({ report }: { report: Report }) {
  const query = useReportDeliveries(report.id);
  return (
    <Asked keep query={query} label="what was sent" skeleton="mw-skeleton-line">
      {({ items }) =>
        items.length === 0 ? (
          <EmptyRange>Nothing was sent yet.</EmptyRange>
        ) : (
          <ul className="mw-plain-list" aria-label={`What was sent of ${report.name}`}>
            {items.map((delivery) => (
              <li className="mw-plain-row" key={delivery.n}>
                <Delivery delivery={delivery} zone={report.timezone} />
              </li>
            ))}
          </ul>
        )
      }
    </Asked>
  );
}

function Delivery({ delivery, zone }: { delivery: ReportDelivery; zone: string }) {
  const { from, to, state, by_hand, attempts, made_at, delivered_at, next_at, last_error } = delivery;
  const when = delivered_at ?? next_at ?? made_at;
  return (
    <span className="mw-plain-words">
      <strong>{instantSpan(from, to, zone)}</strong>{' '}
      <span className={`mw-delivery mw-delivery-${TONE[state]}`}>
        <span className="mw-level-dot" aria-hidden="true" />
        {DELIVERY_LABEL[state]}
      </span>{' '}
      <span className="mw-quiet">
        {state === 'pending' ? 'next try ' : ''}
        <time dateTime={when}>{instantInZone(when, zone).slice(0, -3)}</time>
        {by_hand && ', by hand'}
        {attempts > 1 && `, ${attempts} tries`}
      </span>
      {last_error && <span className="mw-cell-note">{last_error}</span>}
    </span>
  );
}
