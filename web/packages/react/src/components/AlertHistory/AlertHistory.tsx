'use client';

import type { Alert, AlertDelivery } from '@meterwire/client';
import { useId } from 'react';
import { useAlerts, useMoneyChange } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { ALERT_KINDS } from '../../logic/alerts/state.ts';
import { alertLabel, deliveryText, deliveryTone, SEVERITY_LABEL } from '../../logic/alerts/words.ts';
import { instantInZone, todayInZone } from '../../logic/dates.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
import { SnoozeButton } from './SnoozeButton.tsx';

export interface AlertHistoryProps {
  canChange: boolean;
  zone: string;
  kind: string | undefined;
  onKindChange: (kind: string | undefined) => void;
}

/** What was told, newest first, and whether it arrived. */
export function AlertHistory({ canChange, zone, kind, onKindChange }: AlertHistoryProps) {
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useAlerts(kind);
  const alerts = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card
      title="History"
      summary={`Newest first, times in ${zone}.`}
      className="mw-card-stacked"
      actions={<KindChoice kind={kind} onChange={onKindChange} />}
    >
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton label="alerts" className="mw-skeleton-table" />
      ) : alerts.length === 0 ? (
        <EmptyRange>
          {kind
            ? `Nothing of the kind “${alertLabel(kind)}” was told.`
            : 'Nothing was told yet. That is good news, or there is no rule that watches.'}
        </EmptyRange>
      ) : (
        <>
          <ul className="mw-plain-list mw-alerts">
            {alerts.map((alert) => (
              <li key={alert.id}>
                <AlertItem alert={alert} canChange={canChange} zone={zone} />
              </li>
            ))}
          </ul>
          <div className="mw-more">
            <p className="mw-more-text" role="status">
              {countOf(alerts.length, 'alert')}
              {hasNextPage ? ' shown' : ''}
            </p>
            {hasNextPage && (
              <button
                type="button"
                className="mw-button"
                aria-disabled={isFetchingNextPage}
                onClick={() => !isFetchingNextPage && fetchNextPage()}
              >
                {isFetchingNextPage ? 'Loading…' : 'Show more'}
              </button>
            )}
          </div>
        </>
      )}
    </Card>
  );
}

function KindChoice({
  kind,
  onChange,
}: {
  kind: string | undefined;
  onChange: (kind: string | undefined) => void;
}) {
  const id = useId();
  return (
    <div className="mw-kind">
      <label className="mw-hidden" htmlFor={id}>
        Kind of alert
      </label>
      <select
        id={id}
        className="mw-select"
        value={kind ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">All kinds</option>
        {ALERT_KINDS.map((one) => (
          <option key={one} value={one}>
            {alertLabel(one)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface AlertItemProps {
  alert: Alert;
  canChange: boolean;
  zone: string;
}

function AlertItem({ alert, canChange, zone }: AlertItemProps) {
  const now = useNow();
  const year = todayInZone(now, zone).slice(0, 4);
  const { kind, severity, title, raised_at, snoozed_until, deliveries } = alert;
  const snoozed = snoozed_until && Date.parse(snoozed_until) > now.getTime() ? snoozed_until : null;
  return (
    <article className="mw-alert mw-beside" aria-label={title}>
      <div className="mw-beside-words">
        <p className="mw-item-kind">
          <span className={`mw-badge mw-badge-${severity}`}>{SEVERITY_LABEL[severity]}</span>{' '}
          {alertLabel(kind)}
          {' · '}
          <time dateTime={raised_at}>{instantInZone(raised_at, zone, year)}</time>
        </p>
        <h3 className="mw-item-title">{title}</h3>
        {snoozed && (
          <p className="mw-form-help">Snoozed until {instantInZone(snoozed, zone, year).slice(0, -3)}.</p>
        )}
        {deliveries.length === 0 ? (
          <p className="mw-form-help">No channel was there to be told.</p>
        ) : (
          <ul className="mw-plain-list mw-deliveries">
            {deliveries.map((delivery) => (
              <li key={delivery.channel}>
                <Delivery delivery={delivery} zone={zone} year={year} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {canChange && <Actions alert={alert} snoozed={snoozed !== null} />}
    </article>
  );
}

function Delivery({ delivery, zone, year }: { delivery: AlertDelivery; zone: string; year: string }) {
  const { channel, channel_name, state, last_error, next_try_at, delivered_at } = delivery;
  const when = delivered_at ?? (state === 'pending' ? next_try_at : null);
  return (
    <>
      <span className={`mw-delivery mw-delivery-${deliveryTone(delivery)}`}>
        <span className="mw-level-dot" aria-hidden="true" />
        <strong>{channel_name || channel}</strong> {deliveryText(delivery)}
        {when && (
          <span className="mw-quiet">
            {delivered_at ? ' ' : ', next '}
            <time dateTime={when}>{instantInZone(when, zone, year)}</time>
          </span>
        )}
      </span>
      {last_error && state !== 'delivered' && <span className="mw-cell-note">{last_error}</span>}
    </>
  );
}

function Actions({ alert, snoozed }: { alert: Alert; snoozed: boolean }) {
  const say = useNotice();
  const retry = useMoneyChange((client, id: string, options) => client.alerts.retry(id, options));
  const canRetry = alert.deliveries.some(
    ({ state, attempts }) => state === 'failed' || (state === 'pending' && attempts > 0),
  );
  return (
    <div className="mw-alert-actions">
      {canRetry && (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`Send again: ${alert.title}`}
          aria-disabled={retry.isPending}
          onClick={() =>
            !retry.isPending && retry.mutate(alert.id, { onSuccess: () => say('It is being sent again.') })
          }
        >
          {retry.isPending ? 'Sending…' : 'Send again'}
        </button>
      )}
      <SnoozeButton alert={alert} snoozed={snoozed} />
      {retry.error && (
        <p className="mw-problem" role="alert">
          {retry.error.message}
        </p>
      )}
    </div>
  );
}
