'use client';

import type { LiveDay, LiveSummary } from '@meterwire/client';
import { useCallback } from 'react';
import { useMeterwire } from '../state/context.ts';
import { type Sourced, useSourced } from './useSourced.ts';
import { useView } from './useView.ts';

/** A sentence. Never empty, so that `if (error)` tells the compiler that without one there is a summary. */
export type ErrorSentence = `${string}.`;

interface Shared extends Sourced {
  refetch: () => void;
}

/** What `useUsage` answers: still loading, an error that says why, or usage. */
export type LiveUsage = Shared &
  (
    | { loading: true; error: null; summary: undefined; dailyUsage: readonly LiveDay[] }
    | { loading: false; error: ErrorSentence; summary: undefined; dailyUsage: readonly LiveDay[] }
    | { loading: false; error: null; summary: LiveSummary; dailyUsage: readonly LiveDay[] }
  );

const NO_DAYS: readonly LiveDay[] = [];

/**
 * The calls of the current billing period with their cost in cents, and the calls of the last days (1 to 90), oldest
 * first, today last.
 */
export function useUsage(days = 7): LiveUsage {
  const { tenant } = useView().view;
  const { rateCents } = useMeterwire();
  const asked = useSourced({
    queryKey: ['meterwire', 'live-usage', tenant, days],
    ask: async (client, signal) => {
      const [summary, dailyUsage] = await Promise.all([
        client.liveSummary({ tenant, signal }),
        client.liveDaily(days, { tenant, signal }),
      ]);
      return { summary, dailyUsage };
    },
  });
  const { data, error, source, sourceReason, asOf, refetch: again } = asked;
  const refetch = useCallback(() => void again(), [again]);
  const shared = { source, sourceReason, asOf, refetch };
  if (error) {
    return { ...shared, loading: false, error: sentence(error), summary: undefined, dailyUsage: NO_DAYS };
  }
  if (!data) return { ...shared, loading: true, error: null, summary: undefined, dailyUsage: NO_DAYS };
  const { summary, dailyUsage } = data;
  return { ...shared, loading: false, error: null, summary: rated(summary, rateCents), dailyUsage };
}

/** A page with a flat rate of its own reckons with it. */
function rated(summary: LiveSummary, rateCents: number | undefined): LiveSummary {
  if (rateCents === undefined) return summary;
  return { ...summary, est_cost_cents: Math.round(summary.total_calls * rateCents) };
}

function sentence({ message }: Error): ErrorSentence {
  return `${message.replace(/\.+$/, '') || 'Something went wrong'}.`;
}
