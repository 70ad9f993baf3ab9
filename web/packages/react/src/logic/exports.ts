import type { Dimension, Granularity, Path } from '@meterwire/client';
import { spanOf, type UsageView } from './range.ts';

export interface ExportFile {
  path: Path;
  query: Record<string, unknown>;
  name: string;
  /** It may be of any size: a row an event. */
  large?: boolean;
}

interface Wanted {
  view: UsageView;
  tenant: string;
  /** The days that are shown, for the name of the file; `to` is not included. */
  first: string;
  last: string;
}

function fileOf(wanted: Wanted, what: string, format: 'csv' | 'ndjson' | 'pdf', part: object): ExportFile {
  const { view, tenant, first, last } = wanted;
  // The tenant is named by whoever fetches the file.
  const { tenant: _, ...span } = spanOf(view);
  return {
    path: '/api/v1/export',
    query: {
      ...span,
      filter: view.filters,
      format,
      ...(format === 'pdf' ? {} : { header: 'full' }),
      ...part,
    },
    name: `${tenant}_${what}_${first}_${last}.${format}`,
  };
}

/** The bars of the chart, as wide as they are shown. */
export function seriesFile(wanted: Wanted, granularity: Granularity, stack: Dimension | null): ExportFile {
  return stack
    ? fileOf(wanted, `${granularity}_by_${stack}`, 'csv', { view: 'breakdown', granularity, group_by: stack })
    : fileOf(wanted, granularity, 'csv', { view: 'summary', granularity });
}

/** The whole range by one dimension. */
export function breakdownFile(wanted: Wanted, dimension: Dimension): ExportFile {
  return fileOf(wanted, `by_${dimension}`, 'csv', { view: 'breakdown', group_by: dimension });
}

/** Every event. */
export function logFile(wanted: Wanted, format: 'csv' | 'ndjson'): ExportFile {
  const { priced } = wanted.view;
  const file = fileOf(wanted, 'log', format, { view: 'log', ...(priced === undefined ? {} : { priced }) });
  return { ...file, large: true };
}

/** A statement of the period to print. */
export function statementFile(wanted: Wanted): ExportFile {
  return fileOf(wanted, 'statement', 'pdf', { view: 'summary' });
}
