'use client';

import type { Dimension, Granularity } from '@meterwire/client';
import { useView } from '../../hooks/useView.ts';
import { todayInZone } from '../../logic/dates.ts';
import { breakdownFile, logFile, seriesFile, statementFile } from '../../logic/exports.ts';
import { daysShown } from '../../logic/period.ts';
import { addDays } from '../../logic/range.ts';
import { DIMENSION_LABEL } from '../FilterBar/FilterBar.tsx';
import { ExportMenu } from './ExportMenu.tsx';

export interface UsageExportsProps {
  tenant: string;
  tz: string;
  /** The chart as it is drawn. */
  granularity: Granularity;
  stack: Dimension | null;
  /** What the ranking is by. */
  rankedBy: Dimension;
}

/** What can be taken away: the chart as it is drawn, the ranking, every event, and a statement to print. */
export function UsageExports({ tenant, tz, granularity, stack, rankedBy }: UsageExportsProps) {
  const { view } = useView();
  const days = daysShown(view.range, tz, todayInZone(new Date(), tz));
  const wanted = { view, tenant, first: days.from, last: addDays(days.to, -1) };
  const by = stack ? ` and ${DIMENSION_LABEL[stack].toLowerCase()}` : '';
  const ranked = DIMENSION_LABEL[rankedBy].toLowerCase();
  return (
    <ExportMenu
      choices={[
        {
          label: 'CSV of the chart',
          note: `a row for each ${granularity}${by}`,
          file: seriesFile(wanted, granularity, stack),
        },
        {
          label: `CSV by ${ranked}`,
          note: `a row for each ${ranked}`,
          file: breakdownFile(wanted, rankedBy),
        },
        {
          label: 'CSV of all events',
          note: 'a row for each event behind these numbers',
          file: logFile(wanted, 'csv'),
        },
        {
          label: 'PDF statement',
          note: 'totals, days, models, projects and users',
          file: statementFile(wanted),
        },
      ]}
    />
  );
}
