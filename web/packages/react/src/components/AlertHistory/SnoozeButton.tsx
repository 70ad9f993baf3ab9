'use client';

import type { Alert } from '@meterwire/client';
import { useState } from 'react';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { useNotice } from '../Notice/Notice.tsx';

const HOUR_MS = 3_600_000;

const SPANS = [
  { label: '1 hour', ms: HOUR_MS },
  { label: '1 day', ms: 24 * HOUR_MS },
  { label: '7 days', ms: 7 * 24 * HOUR_MS },
  { label: '30 days', ms: 30 * 24 * HOUR_MS },
] as const;

/** Holds back everything about the subject of an alert for a while, or ends that. */
export function SnoozeButton({ alert, snoozed }: { alert: Alert; snoozed: boolean }) {
  const say = useNotice();
  const [choosing, setChoosing] = useState(false);
  const snooze = useMoneyChange((client, until: string | null, options) =>
    client.alerts.snooze(alert.id, until, options),
  );
  const run = (label: string, until: string | null) => {
    if (snooze.isPending) return;
    snooze.mutate(until, {
      onSuccess: () => {
        setChoosing(false);
        say(until ? `Nothing about it is sent for ${label}.` : 'It is told again.');
      },
    });
  };
  return (
    <>
      {snoozed ? (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`End snooze of ${alert.title}`}
          aria-disabled={snooze.isPending}
          onClick={() => run('', null)}
        >
          End snooze
        </button>
      ) : (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`Snooze ${alert.title}`}
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          Snooze
        </button>
      )}
      {choosing && !snoozed && (
        <div className="mw-snooze" role="group" aria-label={`Snooze ${alert.title} for`}>
          {SPANS.map(({ label, ms }) => (
            <button
              key={label}
              type="button"
              className="mw-button mw-button-small"
              aria-disabled={snooze.isPending}
              onClick={() => run(label, new Date(Date.now() + ms).toISOString())}
            >
              {label}
            </button>
          ))}
        </div>
      )}
      {snooze.error && (
        <p className="mw-problem" role="alert">
          {snooze.error.message}
        </p>
      )}
    </>
  );
}
