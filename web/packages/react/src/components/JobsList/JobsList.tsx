'use client';

import { useJobs, useKeepOpen } from '../../hooks/useJobs.ts';
import { jobText } from '../../logic/jobs.ts';
import { type Job, runsHere } from '../../state/jobs.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';

/** What is being worked on, or was a moment ago: of one place of the page, or of all. */
export function JobsList({ place }: { place?: string }) {
  const { jobs, stop, forget } = useJobs();
  const shown = jobs.filter((job) => place === undefined || job.place === place);
  useKeepOpen(jobs.some(runsHere));
  if (shown.length === 0) return null;
  return (
    <ul className="mw-plain-list mw-jobs" aria-label="Work">
      {shown.map((job) => (
        <li className={`mw-job mw-job-${job.state}`} key={job.id}>
          <JobItem job={job} onStop={() => stop(job.id)} onForget={() => forget(job.id)} />
        </li>
      ))}
    </ul>
  );
}

function JobItem({ job, onStop, onForget }: { job: Job; onStop: () => void; onForget: () => void }) {
  const running = job.state === 'running';
  const end = !running ? 'Close' : job.onServer ? 'Hide' : 'Stop';
  const text = jobText(job);
  return (
    <>
      <div className="mw-job-head">
        <strong className="mw-job-title">{job.title}</strong>
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`${end}: ${job.title}`}
          onClick={() => {
            if (running) onStop();
            if (end !== 'Stop') onForget();
          }}
        >
          {end}
        </button>
      </div>
      {running && job.total !== null && (
        <ProgressBar
          percentage={job.total === 0 ? 100 : (job.done / job.total) * 100}
          label={job.title}
          valueText={text}
        />
      )}
      {/* Only the end is said; a number that moves would be said without end. */}
      <p className={job.state === 'failed' ? 'mw-problem' : 'mw-job-text'}>{text}</p>
      <p className="mw-hidden" role="status">
        {running ? '' : `${job.title}: ${text}`}
      </p>
      {running && (
        <p className="mw-form-help">
          {job.onServer
            ? 'The server does it: it goes on when you leave, also when the window is closed.'
            : 'It goes on when you leave this page, as long as the window is open.'}
        </p>
      )}
      {job.problems.length > 0 && (
        <details className="mw-evidence">
          <summary>What was refused, and why</summary>
          <ul className="mw-job-problems">
            {job.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
