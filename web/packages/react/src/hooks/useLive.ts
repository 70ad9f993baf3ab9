'use client';

import { type LiveTotals, MeterwireError } from '@meterwire/client';
import { useEffect, useRef, useState } from 'react';
import { useMeterwire } from '../state/MeterwireProvider.tsx';
import { useView } from './useView.ts';

export type LiveState = 'connecting' | 'live' | 'polling';

export interface Live {
  totals: LiveTotals | null;
  /** `polling`: the stream could not be opened, and the ordinary questions go on every half a minute. */
  state: LiveState;
}

const LIVE_KEY = ['meterwire-live', 'today'] as const;

const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/**
 * The totals of today as they change, within a second. A hidden page gives its connection back, since a browser has few
 * of them a server.
 */
export function useLive(enabled = true): Live {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  // What was heard last is shown until the next page hears for itself, never that of another tenant or key.
  const known = (): Live => ({
    totals: queryClient.getQueryData<LiveTotals>([...LIVE_KEY, tenant]) ?? null,
    state: 'connecting',
  });
  const [live, setLive] = useState(known);
  const visible = useVisible();
  useEffect(() => {
    setLive(known);
    if (!enabled || !visible) return;
    const ending = new AbortController();
    const { signal } = ending;
    let failures = 0;
    const follow = async () => {
      while (!signal.aborted) {
        try {
          await client.live(
            (totals) => {
              failures = 0;
              queryClient.setQueryData([...LIVE_KEY, tenant], totals);
              setLive({ totals, state: 'live' });
            },
            { tenant, signal },
          );
        } catch (error) {
          if (signal.aborted) return;
          // A key that may not, and a server that has no stream, will not change their mind.
          if (error instanceof MeterwireError && error.status >= 400 && error.status < 500) {
            setLive((now) => ({ ...now, state: 'polling' }));
            return;
          }
        }
        if (signal.aborted) return;
        setLive((now) => ({ ...now, state: failures > 1 ? 'polling' : 'connecting' }));
        await pause(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 10_000, signal);
        failures += 1;
      }
    };
    void follow();
    return () => ending.abort();
  }, [client, queryClient, tenant, enabled, visible]);
  return live;
}

const REFRESH_MS = 10_000;

/** Everything about usage is asked again soon after something was recorded, instead of every half a minute. */
export function useLiveRefresh({ totals }: Live): void {
  const { queryClient } = useMeterwire();
  const heard = useRef<string | null>(null);
  const next = useRef(0);
  const sums = totals && [totals.date, totals.calls, totals.tokens, totals.cost_usd, totals.errors].join(' ');
  useEffect(() => {
    if (sums === null || heard.current === sums) return;
    const isFirst = heard.current === null;
    heard.current = sums;
    // What was just asked for the first time is as new as this.
    if (isFirst) return;
    const wait = Math.max(0, next.current - Date.now());
    const timer = setTimeout(() => {
      next.current = Date.now() + REFRESH_MS;
      for (const kind of ['usage', 'log', 'views', 'newest']) {
        void queryClient.invalidateQueries({ queryKey: ['meterwire', kind] });
      }
    }, wait);
    return () => clearTimeout(timer);
  }, [sums, queryClient]);
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => typeof document === 'undefined' || !document.hidden);
  useEffect(() => {
    const look = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}
