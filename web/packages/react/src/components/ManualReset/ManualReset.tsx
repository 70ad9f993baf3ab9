'use client';

import type { LimitMetric } from '@meterwire/client';
import { useId, useState } from 'react';
import { useLimitMetrics, useLimitsChange } from '../../hooks/useLimits.ts';
import { metricLabel } from '../../logic/limits/words.ts';
import { countOf } from '../../logic/number.ts';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';

export interface ManualResetProps {
  /** Only this user's counters; without it everyone's. */
  user?: string;
  label: string;
}

/** Starts counters again by hand, after a dialog that names which. */
export function ManualReset({ user, label }: ManualResetProps) {
  const say = useNotice();
  const metrics = useLimitMetrics();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState('');
  const selectId = useId();
  const reset = useLimitsChange((client, what: { user?: string; metric?: string }, options) =>
    client.admin.manualReset(what, options),
  );
  const all = metrics.data?.items ?? [];
  const whose = user ?? 'everyone';
  const close = () => {
    reset.reset();
    setChosen('');
    setOpen(false);
  };
  const confirm = () =>
    reset.mutate(
      { ...(user ? { user } : {}), ...(chosen ? { metric: chosen } : {}) },
      {
        onSuccess: ({ reset: counters }) => {
          close();
          say(`Reset ${countOf(counters, 'counter')} of ${whose}.`);
        },
      },
    );
  return (
    <>
      <button
        type="button"
        className="mw-button mw-button-small"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      <ConfirmDialog
        open={open}
        title={`Reset counters of ${whose}?`}
        confirmLabel="Reset counters"
        busyLabel="Resetting…"
        busy={reset.isPending}
        error={reset.error}
        onClose={close}
        onConfirm={confirm}
      >
        <div className="mw-form-field">
          <label className="mw-form-label" htmlFor={selectId}>
            What
          </label>
          <select
            id={selectId}
            className="mw-select"
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">Everything that is counted by the day</option>
            {all.map(({ name }) => (
              <option key={name} value={name}>
                {metricLabel(name)}
              </option>
            ))}
          </select>
        </div>
        <p>{consequence(all, chosen, whose)}</p>
        <p>
          Recorded events and their cost stay as they are. The audit log names you. This cannot be undone.
        </p>
      </ConfirmDialog>
    </>
  );
}

/** What would happen, by name. */
function consequence(metrics: readonly LimitMetric[], chosen: string, whose: string): string {
  if (chosen === '') {
    const daily = metrics.filter(({ window }) => window === 'day').map(({ name }) => metricLabel(name));
    return `Today's counters of ${whose} start again at 0: ${daily.join(', ')}. Levels and longer counters stay.`;
  }
  const window = metrics.find(({ name }) => name === chosen)?.window;
  if (window === 'none') return `The level ${metricLabel(chosen)} of ${whose} is set to 0.`;
  return `The counter ${metricLabel(chosen)} of ${whose} starts again at 0 for this ${window ?? 'day'}.`;
}
