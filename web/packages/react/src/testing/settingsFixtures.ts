import type {
  ApiKey,
  DeclaredDimension,
  Price,
  Project,
  Report,
  Rerate,
  RerateDifference,
  TenantSettings,
} from '@meterwire/client';
import type { Answer } from './answer.ts';
import { breakdown, me, values } from './fixtures.ts';
import { limitsAnswers } from './limitsFixtures.ts';

/** Small answers about settings. */

export function apiKey(part: Partial<ApiKey> = {}): ApiKey {
  return {
    id: '1',
    name: 'prod',
    role: 'owner',
    prefix: 'mw_ab12cd34',
    user: null,
    project: null,
    created_at: '2026-11-01T00:00:00Z',
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
    ...part,
  };
}

export function project(part: Partial<Project> = {}): Project {
  return {
    slug: 'support-bot',
    name: 'Support',
    department: 'care',
    team: null,
    created_at: '2026-11-01T00:00:00Z',
    ...part,
  };
}

export function price(part: Partial<Price> = {}): Price {
  return {
    id: 'p-1',
    provider: 'own',
    model: 'small',
    source: 'override',
    valid_from: null,
    valid_to: null,
    input: '1',
    output: '2',
    ...part,
  };
}

export function report(part: Partial<Report> = {}): Report {
  return {
    id: 'r-1',
    name: 'Statement',
    every: 'month',
    scope: {},
    timezone: 'UTC',
    hour: 7,
    to: ['finance@example.com'],
    formats: ['csv', 'pdf'],
    enabled: true,
    created_at: '2026-11-01T00:00:00Z',
    next_at: '2026-12-01T07:00:00Z',
    mail_is_set_up: true,
    ...part,
  };
}

export function dimension(part: Partial<DeclaredDimension> = {}): DeclaredDimension {
  return {
    name: 'feature',
    property: 'feature',
    state: 'ready',
    filled_events: 0,
    events_to_fill: 0,
    created_at: '2026-11-01T00:00:00Z',
    ...part,
  };
}

export function tenantSettings(part: Partial<TenantSettings> = {}): TenantSettings {
  return {
    slug: 'acme',
    name: 'Acme',
    timezone: 'UTC',
    created_at: '2026-11-01T00:00:00Z',
    retention_days: null,
    events_from: null,
    ...part,
  };
}

const SCOPE = { from: '2026-11-01T00:00:00Z', to: '2026-11-23T00:00:00Z', provider: null, model: null };

const SUMS = {
  events: 5,
  changed: 3,
  unpriced_before: 3,
  unpriced_after: 0,
  cost_before: '0.2',
  cost_after: '1.7',
  difference: '1.5',
};

/** Three calls of a model that had no price. */
export function rerateDifference(part: Partial<RerateDifference> = {}): RerateDifference {
  return {
    ...SCOPE,
    ...SUMS,
    only: 'all',
    tz: 'UTC',
    basis: 'b-1',
    given: 2,
    budgets: ['b-1'],
    closings: ['2026-10'],
    by_model: [
      { provider: 'own', model: 'large', ...SUMS, events: 3, cost_before: '0', cost_after: '1.5' },
      {
        provider: 'own',
        model: 'small',
        ...SUMS,
        events: 2,
        changed: 0,
        unpriced_before: 0,
        cost_before: '0.2',
        cost_after: '0.2',
        difference: '0',
      },
    ],
    ...part,
  };
}

export function rerate(part: Partial<Rerate> = {}): Rerate {
  return {
    ...SCOPE,
    id: 're-1',
    state: 'done',
    only: 'all',
    done: 5,
    total: 5,
    changed: 3,
    difference: '1.5',
    unpriced_difference: -3,
    created_at: '2026-11-22T10:00:00Z',
    created_by: 'key:mw_ab12cd34',
    ended_at: '2026-11-22T10:00:03Z',
    error: null,
    expected: rerateDifference(),
    ...part,
  };
}

export const KEYS = [
  apiKey(),
  apiKey({ id: '2', name: 'backend', role: 'ingest', project: 'support-bot' }),
  apiKey({ id: '3', name: 'old', role: 'viewer', revoked_at: '2026-11-02T00:00:00Z' }),
];

const list = (items: unknown[]) => ({ items, nextCursor: null });

/** What a server would answer to the questions of the settings. */
export const settingsAnswers: Answer = (url, request) => {
  switch (url.pathname) {
    case '/api/v1/me':
      return me();
    case '/api/v1/keys':
      return list(KEYS);
    case '/api/v1/projects':
      return list([project()]);
    case '/api/v1/prices':
      return list([price()]);
    case '/api/v1/prices/book':
      return list([price({ id: 'b-1', provider: 'openai', model: 'gpt-4o', source: 'openai' })]);
    case '/api/v1/prices/rerate':
      return rerateDifference();
    case '/api/v1/prices/rerates':
      return list([rerate()]);
    case '/api/v1/reports':
      return list([report()]);
    case '/api/v1/reports/r-1/deliveries':
      return list([]);
    case '/api/v1/dimensions':
      return list([dimension()]);
    case '/api/v1/tenants/acme':
      return tenantSettings();
    case '/api/v1/audit':
      return list([
        { seq: 1, at: '2026-11-22T10:00:00Z', actor: 'key:mw_ab12cd34', action: 'key.revoke', target: '3' },
      ]);
    case '/api/v1/usage/query':
      return breakdown({
        groups: [
          { key: ['own', 'large'], other: false, total: values({ calls: 3, unpriced_calls: 3 }), series: [] },
        ],
      });
    default:
      return limitsAnswers(url, request);
  }
};

/** Answers as usual, and keeps what was to be changed. */
export function recording(onChange: (url: URL, body: unknown) => unknown): {
  answer: Answer;
  sent: unknown[];
} {
  const sent: unknown[] = [];
  const answer: Answer = async (url, request) => {
    if (request.method === 'GET') return settingsAnswers(url, request);
    const text = await request.text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    sent.push([request.method, url.pathname, body]);
    return onChange(url, body);
  };
  return { answer, sent };
}
