import type { ProviderConnection, Reconciliation, ReconciledSide } from '@meterwire/client';

/** Connections to providers' reports, and both sides beside each other, small and with known numbers. */

const side = (cost_usd: string, requests: number | null): ReconciledSide => ({
  requests,
  input_tokens: 1_200_000,
  output_tokens: 300_000,
  cost_usd,
});

export const RECONCILIATION: Reconciliation = {
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  tz: 'UTC',
  as_of: '2026-11-22T10:30:05Z',
  total: {
    provider: side('12.5', 900),
    metered: side('11.25', 880),
    difference: side('1.25', 20),
    causes: [
      { kind: 'unknown_key', cost_usd: '1.5' },
      { kind: 'price_difference', cost_usd: '-0.25' },
    ],
  },
  rows: [
    {
      day: '2026-11-17',
      provider_name: 'openai',
      model: 'gpt-4o',
      provider: side('7.5', 500),
      metered: side('6.25', 480),
      difference: side('1.25', 20),
      causes: [
        { kind: 'unknown_key', cost_usd: '1.5', detail: 'Two keys that no event names.' },
        { kind: 'price_difference', cost_usd: '-0.25', detail: 'Dearer by 2 %.' },
      ],
      revised_at: null,
    },
    {
      day: '2026-11-16',
      provider_name: 'anthropic',
      model: 'claude-sonnet-4-5',
      provider: side('5', null),
      metered: side('5', 400),
      difference: { ...side('0', null), input_tokens: 0, output_tokens: 0 },
      causes: [],
      revised_at: '2026-11-20T00:00:00Z',
    },
  ],
  not_compared: [{ provider_name: 'mistral', metered: side('0.75', 12) }],
};

export function connection(part: Partial<ProviderConnection> = {}): ProviderConnection {
  return {
    id: 'p-1',
    provider: 'openai',
    name: 'Production',
    base_url: null,
    enabled: true,
    is_fixed: false,
    project_map: {},
    key_map: {},
    created_at: '2026-11-01T00:00:00Z',
    state: {
      healthy: true,
      why: 'every report was read',
      last_success_at: '2026-11-22T10:29:00Z',
      last_error: null,
      next_at: '2026-11-22T10:34:00Z',
      covers: { from: '2026-10-01', to: '2026-11-22' },
      backfill: { done_buckets: 12, of: 31 },
      revised: { buckets: 2, last_at: '2026-11-20T00:00:00Z' },
      clock_skew_seconds: 0,
      reports: [],
    },
    ...part,
  };
}

export const CONNECTIONS = [
  connection(),
  connection({
    id: 'p-2',
    provider: 'anthropic',
    name: 'Research',
    state: {
      healthy: false,
      why: 'it refuses the key',
      last_success_at: null,
      last_error: {
        code: 'unauthorized',
        message: 'The provider refused the key (401).',
        at: '2026-11-22T10:00:00Z',
      },
      next_at: '2026-11-22T11:00:00Z',
      covers: null,
      backfill: { done_buckets: 0, of: 0 },
      revised: { buckets: 0, last_at: null },
      clock_skew_seconds: 0,
      reports: [],
    },
  }),
];
