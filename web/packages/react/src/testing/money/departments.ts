import type { DepartmentCosts } from '@meterwire/client';

/** Cost by department, small and with known numbers. */

const share = (cost_usd: string, share_percentage: number, change: number | null, previous: string) => ({
  cost_usd,
  share_percentage,
  calls: 1200,
  tokens: 50_000,
  unpriced_calls: 0,
  previous_cost_usd: previous,
  change_percentage: change,
});

export const DEPARTMENTS: DepartmentCosts = {
  source: 'metered',
  as_of: '2026-11-22T10:30:05Z',
  tz: 'UTC',
  from: '2026-11-16T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  compared_from: '2026-11-09T00:00:00Z',
  compared_to: '2026-11-15T10:30:05Z',
  total: { ...share('60.5', 100, 12.34, '53.85'), unpriced_calls: 3 },
  by_project: true,
  departments: [
    {
      department: 'care',
      other: false,
      teams: ['frontline', 'second line'],
      ...share('40.25', 66.53, 25, '32.2'),
      projects: [
        { project: 'support-bot', other: false, team: 'frontline', ...share('30.25', 50, 10, '27.5') },
        { project: 'triage', other: false, team: 'second line', ...share('10', 16.53, null, '0') },
      ],
    },
    {
      department: 'research',
      other: false,
      teams: [],
      ...share('18.25', 30.17, -15.7, '21.65'),
      projects: [],
    },
    { department: null, other: false, teams: [], ...share('2', 3.31, 0, '2'), projects: [] },
  ],
};
