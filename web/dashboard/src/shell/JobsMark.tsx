import { overallShare, runsHere, useJobs, useKeepOpen } from '@meterwire/react';
import { Link } from '@tanstack/react-router';
import type { Search } from '../search.ts';

/** Says on every page that something is being worked on, and leads back to it. */
export function JobsMark({ search }: { search: Search }) {
  const { jobs } = useJobs();
  const running = jobs.filter(({ state }) => state === 'running');
  useKeepOpen(running.some(runsHere));
  if (running.length === 0) return null;
  const share = overallShare(jobs);
  const far = share === null ? '' : ` ${Math.floor(share * 100)} %`;
  return (
    <Link
      className="mw-button app-jobs"
      to="/settings/$section"
      params={{ section: 'data' }}
      search={search}
      aria-label={`Working${far}: ${running.map(({ title }) => title).join(', ')}`}
    >
      <span className="app-jobs-dot" aria-hidden="true" />
      <span className="app-jobs-text">Working{far}</span>
    </Link>
  );
}
