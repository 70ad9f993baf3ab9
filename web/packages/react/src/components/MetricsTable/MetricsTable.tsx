'use client';

import type { LimitMetric } from '@meterwire/client';
import { useState } from 'react';
import { useLimitMetrics, useLimitsChange } from '../../hooks/useLimits.ts';
import { COUNTS_HELP, COUNTS_LABEL, metricLabel, WINDOW_LABEL } from '../../logic/limits/words.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { Asked } from '../States/Asked.tsx';
import { MetricForm } from './MetricForm.tsx';

/** Every tenant has these; they can be changed but not deleted. */
const BUILT_IN = ['api_calls', 'compute_hours', 'deployments', 'storage'];

/** What is counted, how, and when it starts again. */
export function MetricsTable({ canChange }: { canChange: boolean }) {
  const metrics = useLimitMetrics();
  const taken = metrics.data?.items.map(({ name }) => name) ?? [];
  return (
    <ResourceCard
      title="Metrics"
      summary="What is counted for each user, and when its counters start again."
      add={canChange && metrics.data && 'Add a metric'}
      form={(close) => <MetricForm taken={taken} onDone={close} />}
    >
      <Asked keep query={metrics} label="metrics" skeleton="mw-skeleton-table">
        {({ items }) => <Table metrics={items} canChange={canChange} />}
      </Asked>
    </ResourceCard>
  );
}

function Table({ metrics, canChange }: { metrics: readonly LimitMetric[]; canChange: boolean }) {
  const [deleting, setDeleting] = useState<string | null>(null);
  const remove = useLimitsChange((client, metric: string, options) => client.metrics.remove(metric, options));
  return (
    <>
      <EditableTable
        label="Metrics"
        columns={['Metric', 'Unit', 'Starts again', 'Zone', 'Counts']}
        actions={canChange}
        items={metrics.map((metric) => ({
          id: metric.name,
          what: `the metric ${metric.name}`,
          cells: <Cells metric={metric} />,
          panels: [{ text: 'Edit', content: (close) => <MetricForm metric={metric} onDone={close} /> }],
          removal: BUILT_IN.includes(metric.name)
            ? undefined
            : { text: 'Delete', run: () => setDeleting(metric.name) },
        }))}
      />
      <DeleteDialog
        item={deleting === null ? null : { id: deleting, name: deleting }}
        what="metric"
        remove={remove}
        onClose={() => setDeleting(null)}
      >
        <p>
          Its limits in every tier, for every user and for the tenant are deleted, and so is what was counted.
          Calls that name it are refused from then on. This cannot be undone.
        </p>
      </DeleteDialog>
    </>
  );
}

function Cells({ metric }: { metric: LimitMetric }) {
  const { name, description, unit, window, timezone, counts } = metric;
  return (
    <>
      <th scope="row">
        <strong>{metricLabel(name)}</strong> <code className="mw-hash mw-quiet">{name}</code>
        {description && <span className="mw-cell-note">{description}</span>}
      </th>
      <td data-label="Unit">{unit ?? <span className="mw-quiet">none</span>}</td>
      <td data-label="Starts again">{WINDOW_LABEL[window]}</td>
      <td data-label="Zone">{window === 'none' ? <span className="mw-quiet">none</span> : timezone}</td>
      <td data-label="Counts" title={COUNTS_HELP[counts]}>
        {COUNTS_LABEL[counts]}
      </td>
    </>
  );
}
