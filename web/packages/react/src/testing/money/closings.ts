import type { Closing, StatementSums } from '@meterwire/client';

/** Closed months, small and with known numbers. */

export function closing(part: Partial<Closing> = {}): Closing {
  return {
    id: 'x-1',
    name: '2026-09',
    from: '2026-09-01T00:00:00Z',
    to: '2026-10-01T00:00:00Z',
    timezone: 'UTC',
    closed_at: '2026-10-02T08:00:00Z',
    closed_by: 'key prod',
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    bytes: 5120,
    calls: 4321,
    unpriced_calls: 0,
    cost_usd: '88.123456789',
    since: { changes: 2, calls: 0, cost_usd: '-0.25' },
    ...part,
  };
}

function sums(cost_usd: string, calls: number): StatementSums {
  return { calls, errors: 0, unpriced_calls: 0, tokens: { input: 10 }, cost_usd };
}

export const ADJUSTMENT = {
  closing: closing(),
  as_of: '2026-11-22T10:30:05Z',
  statement: sums('88.123456789', 4321),
  adjustment: sums('-0.25', 0),
  today: sums('87.873456789', 4321),
  rows: [
    {
      day: '2026-09-30',
      provider: 'openai',
      model: 'gpt-4o',
      project: 'support-bot',
      department: null,
      statement: sums('1.5', 30),
      adjustment: sums('-0.35', -1),
      today: sums('1.15', 29),
    },
  ],
  rows_left_out: 0,
};

export const CHANGES = {
  items: [
    {
      kind: 'void',
      at: '2026-10-03T10:00:00Z',
      source: 'api',
      id: 'chat-1',
      time: '2026-09-30T10:00:00Z',
      provider: 'openai',
      model: 'gpt-4o',
      project: 'support-bot',
      department: null,
      adjustment: sums('-0.35', -1),
    },
  ],
  nextCursor: null,
};
