'use client';

import { useId } from 'react';
import { useLimitsChange, useTiers } from '../../hooks/useLimits.ts';
import { useNotice } from '../Notice/Notice.tsx';

export interface TierSelectProps {
  user: string;
  tier: string;
}

/** Puts a user on another tier at once, and offers the way back. */
export function TierSelect({ user, tier }: TierSelectProps) {
  const say = useNotice();
  const tiers = useTiers();
  const problemId = useId();
  const change = useLimitsChange((client, next: string, options) =>
    client.admin.setTier(user, next, options),
  );
  const move = (from: string, to: string) =>
    change.mutate(to, {
      onSuccess: () =>
        say({
          text: `${user} is on the tier ${to} now.`,
          action: { label: 'Undo', run: () => move(to, from) },
        }),
    });
  const shown = change.isPending ? change.variables : tier;
  const names = [...new Set([...(tiers.data?.items.map(({ name }) => name) ?? []), shown])];
  return (
    <span className="mw-tier-select">
      <select
        className="mw-select"
        aria-label={`Tier of ${user}`}
        aria-busy={change.isPending}
        aria-describedby={change.error ? problemId : undefined}
        value={shown}
        onChange={(event) => move(tier, event.target.value)}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {change.error && (
        <span className="mw-problem" id={problemId} role="alert">
          {change.error.message}
        </span>
      )}
    </span>
  );
}
