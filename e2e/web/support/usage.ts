const DAY_MS = 86_400_000;

/** Moments just after a UTC midnight: never in the future, and always inside the day that is meant. */
function moment(daysAgo: number, second: number): string {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return new Date(midnight - daysAgo * DAY_MS + second * 1000).toISOString();
}

export function dayText(daysAgo: number): string {
  return moment(daysAgo, 0).slice(0, 10);
}

/**
 * A small history with totals that can be worked out by hand.
 *
 * | when        | calls | provider  | project     | tokens each | cost each   |
 * | today       | 3     | openai    | support-bot | 1000 + 200  | 0.0042      |
 * | today       | 1     | homegrown | support-bot | 10 + 5      | no price    |
 * | 2 days ago  | 30    | openai    | batch       | 10 + 1      | 0.000001    |
 * | 3 days ago  | 2     | anthropic | search      | 500 + 100   | 0.25, 1 err |
 * | 20 days ago | 1     | mistral   | none        | 2000 + 0    | 1.000000001 |
 */
export function history(): object[] {
  const events: object[] = [];
  const add = (daysAgo: number, count: number, event: object) => {
    for (let index = 0; index < count; index += 1) {
      events.push({
        id: `d${daysAgo}-${events.length}`,
        source: 'e2e',
        time: moment(daysAgo, index + 1),
        status: 200,
        latency_ms: 100 + index,
        ...event,
      });
    }
  };
  add(0, 3, {
    provider: 'openai',
    model: 'gpt-4o',
    project: 'support-bot',
    usage: { input_tokens: 1000, output_tokens: 200 },
    cost_usd: '0.0042',
  });
  add(0, 1, {
    provider: 'homegrown',
    model: 'attic-llama',
    project: 'support-bot',
    usage: { input_tokens: 10, output_tokens: 5 },
  });
  add(2, 30, {
    provider: 'openai',
    model: 'gpt-4o-mini',
    project: 'batch',
    usage: { input_tokens: 10, output_tokens: 1 },
    cost_usd: '0.000001',
  });
  add(3, 1, { ...search, status: 200 });
  add(3, 1, { ...search, status: 500 });
  add(20, 1, {
    provider: 'mistral',
    model: 'mistral-large',
    usage: { input_tokens: 2000, output_tokens: 0 },
    cost_usd: '1.000000001',
  });
  return events;
}

const search = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  project: 'search',
  usage: { input_tokens: 500, output_tokens: 100 },
  cost_usd: '0.25',
};

/** What the history adds up to in each range, as the page writes it. */
export const TOTALS = {
  today: { calls: '4', tokens: '3,615', cost: '$0.0126', errors: '0' },
  '7 days': { calls: '36', tokens: '5,145', cost: '$0.51263', errors: '1' },
  '30 days': { calls: '37', tokens: '7,145', cost: '$1.512630001', errors: '1' },
} as const;
