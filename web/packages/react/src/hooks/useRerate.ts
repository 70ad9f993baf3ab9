'use client';

import {
  type MeterwireClient,
  MeterwireError,
  type Rerate,
  type RerateDifference,
  type RerateWish,
} from '@meterwire/client';
import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { rerateResult } from '../logic/settings/rerate.ts';
import { useMeterwire } from '../state/context.ts';
import type { JobControl } from '../state/jobs.ts';
import { useJobs } from './useJobs.ts';
import { SETTINGS_KEY } from './useSettings.ts';
import { useView } from './useView.ts';

/** What rating usage anew would change. It changes nothing. */
export function useRerateDifference(): UseMutationResult<RerateDifference, Error, RerateWish> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  return useMutation(
    { mutationFn: (wish: RerateWish) => client.prices.rerateDifference(wish, { tenant }) },
    queryClient,
  );
}

/** Begins a re-rating. How far it is, is told among the page's work while the window is open. */
export function useRerate(): UseMutationResult<Rerate, Error, RerateWish & { basis: string }> {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  const jobs = useJobs();
  return useMutation(
    {
      mutationFn: (wish: RerateWish & { basis: string }) => client.prices.rerate(wish, { tenant }),
      onSuccess: async ({ id, total }) => {
        const what = { title: 'Re-rating of usage', total, unit: 'events', place: 'prices' } as const;
        jobs.start({ ...what, onServer: true }, async (control) => {
          const text = await follow(client, id, tenant, control);
          // Every cost on the page may be another by now.
          await queryClient.invalidateQueries({ queryKey: ['meterwire'] });
          return text;
        });
        await queryClient.invalidateQueries({ queryKey: SETTINGS_KEY });
      },
    },
    queryClient,
  );
}

/** Whether something else would change by now than what was shown. */
export function isOtherDifference(error: Error | null): boolean {
  return error instanceof MeterwireError && error.code === 'rerate_changed';
}

const LOOK_MS = 700;
const MOST_FAILURES = 20;

/** Asks how far it is until it is over. A server that is away for a while goes on when it is back. */
async function follow(
  client: MeterwireClient,
  id: string,
  tenant: string | undefined,
  { signal, tell }: JobControl,
): Promise<string> {
  for (let failures = 0; ;) {
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
    if (signal.aborted) return '';
    try {
      const now = await client.prices.readRerate(id, { tenant, signal });
      failures = 0;
      tell({ done: now.done, total: now.total });
      if (now.state === 'failed') throw new GivenUp(rerateResult(now));
      if (now.state === 'done') return rerateResult(now);
    } catch (error) {
      failures += 1;
      if (error instanceof GivenUp || failures > MOST_FAILURES) throw error;
    }
  }
}

class GivenUp extends Error {}
