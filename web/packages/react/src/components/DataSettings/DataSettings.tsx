'use client';

import { Card } from '../Card/Card.tsx';
import { JobsList } from '../JobsList/JobsList.tsx';
import { useJobs } from '../../hooks/useJobs.ts';
import { ExportForm } from './ExportForm.tsx';
import { ImportForm } from './ImportForm.tsx';

export interface DataSettingsProps {
  canChange: boolean;
  origin: string;
}

/** Usage taken away as a file, and taken in from one. Both go on while other pages are looked at. */
export function DataSettings({ canChange, origin }: DataSettingsProps) {
  const { jobs } = useJobs();
  return (
    <>
      {jobs.length > 0 && (
        <Card title="Work" summary="What runs now, and what came of what ran in this window.">
          <JobsList />
        </Card>
      )}
      <Card
        title="Export"
        summary="Every event, or sums of them, as a file. Rows are sent while they are read."
      >
        <ExportForm />
      </Card>
      <Card
        title="Import"
        summary="Events from a file, such as an export. What is there already is not counted twice, so a file can be taken again."
      >
        {canChange ? (
          <ImportForm origin={origin} />
        ) : (
          <p className="mw-section-text">An owner takes events in. Your key may only read.</p>
        )}
      </Card>
    </>
  );
}
