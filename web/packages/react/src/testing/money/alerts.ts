import type { Alert, AlertRule, Channel } from '@meterwire/client';

/** Channels, alerts and rules, small and with known numbers. */

export function channel(part: Partial<Channel> = {}): Channel {
  return {
    id: 'c-1',
    name: 'Finance',
    type: 'email',
    to: ['finance@example.com', 'cfo@example.com'],
    enabled: true,
    off_because: null,
    created_at: '2026-11-01T00:00:00Z',
    ...part,
  };
}

export const CHANNELS = [
  channel(),
  channel({ id: 'c-2', name: 'Ops', type: 'slack', to: [] }),
  channel({
    id: 'c-3',
    name: 'Pager',
    type: 'webhook',
    to: [],
    url: 'https://hooks.example.com/meterwire',
    enabled: false,
    off_because: 'it answered 410',
  }),
];

export function alert(part: Partial<Alert> = {}): Alert {
  return {
    id: 'a-1',
    key: 'budget/b-2/1794787200000/800000',
    kind: 'budget_threshold',
    severity: 'warning',
    title: 'Support has used 80 % of $50.00 this week',
    detail: {},
    raised_at: '2026-11-22T09:15:00Z',
    snoozed_until: null,
    deliveries: [
      {
        channel: 'c-1',
        channel_name: 'Finance',
        type: 'email',
        state: 'delivered',
        attempts: 1,
        next_try_at: null,
        last_error: null,
        last_try_at: '2026-11-22T09:15:01Z',
        delivered_at: '2026-11-22T09:15:01Z',
      },
      {
        channel: 'c-3',
        channel_name: 'Pager',
        type: 'webhook',
        state: 'failed',
        attempts: 12,
        next_try_at: null,
        last_error: 'it answered 500',
        last_try_at: '2026-11-22T10:15:01Z',
        delivered_at: null,
      },
    ],
    ...part,
  };
}

export const ALERTS = [
  alert({
    id: 'a-2',
    kind: 'unpriced_model',
    severity: 'info',
    title: 'attic-llama has no price',
    deliveries: [],
  }),
  alert(),
  alert({
    id: 'a-3',
    kind: 'spend_spike',
    severity: 'critical',
    title: 'Today costs $41.20, three times a usual Sunday',
    snoozed_until: '2099-01-01T00:00:00Z',
  }),
];

export const RULES: AlertRule[] = [
  { kind: 'budget_threshold', enabled: true, params: {}, channels: [] },
  {
    kind: 'spend_spike',
    enabled: true,
    params: { above_percent: 100, min_usd: 10, weeks: 4 },
    channels: ['c-1'],
  },
  { kind: 'limit_near', enabled: false, params: { percent: 90 }, channels: [] },
];
