'use client';

import type { LimitMetric, NewLimitMetric } from '@meterwire/client';
import { useState } from 'react';
import { useLimitMetrics, useLimitsChange } from '../../hooks/useLimits.ts';
import { COUNTS_HELP, COUNTS_LABEL, metricLabel, WINDOW_LABEL } from '../../logic/limits/words.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { MetricForm } from './MetricForm.tsx';
import { EditableRow, EditableTable } from '../EditableTable/EditableTable.tsx';

/** Every tenant has these; they can be changed but not deleted. */
const BUILT_IN = ['api_calls', 'compute_hours', 'deployments', 'storage'];

/** What is counted, how, and when it starts again. */
export function MetricsTable({ canChange }: { canChange: boolean }) {
  const metrics = useLimitMetrics();
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Metrics"
      summary="What is counted for each user, and when its counters start again."
      actions={
        canChange &&
        metrics.data && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a metric
          </button>
        )
      }
    >
      <Asked keep query={metrics} label="metrics" skeleton="mw-skeleton-table">
        {({ items }) => (
          <>
            {adding && <NewMetric taken={items.map(({ name }) => name)} onDone={() => setAdding(false)} />}
            <Table metrics={items} canChange={canChange} />
          </>
        )}
      </Asked>
    </Card>
  );
}

function NewMetric({ taken, onDone }: { taken: readonly string[]; onDone: () => void }) {
  const say = useNotice();
  const create = useLimitsChange((client, metric: NewLimitMetric, options) =>
    client.metrics.create(metric, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New metric</h3>
      <MetricForm
        taken={taken}
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(metric) =>
          create.mutate(metric, {
            onSuccess: () => {
              onDone();
              say(`Added the metric ${metric.name}. It is unlimited in every tier until a limit is set.`);
            },
          })
        }
      />
    </div>
  );
}

function Table({ metrics, canChange }: { metrics: readonly LimitMetric[]; canChange: boolean }) {
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  return (
    <>
      <EditableTable
        label="Metrics"
        columns={['Metric', 'Unit', 'Starts again', 'Zone', 'Counts']}
        actions={canChange}
      >
        {metrics.map((metric) => (
          <MetricRows
            key={metric.name}
            metric={metric}
            canChange={canChange}
            editing={editing === metric.name}
            onEdit={(on) => setEditing(on ? metric.name : null)}
            onDelete={() => setDeleting(metric.name)}
          />
        ))}
      </EditableTable>
      <DeleteMetric name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface MetricRowsProps {
  metric: LimitMetric;
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  onDelete: () => void;
}

function MetricRows({ metric, canChange, editing, onEdit, onDelete }: MetricRowsProps) {
  const { name, description, unit, window, timezone, counts } = metric;
  return (
    <EditableRow
      cells={
        <>
          <th scope="row">
            <strong>{metricLabel(name)}</strong> <code className="mw-code">{name}</code>
            {description && <span className="mw-cell-note">{description}</span>}
          </th>
          <td data-label="Unit">{unit ?? <span className="mw-quiet">none</span>}</td>
          <td data-label="Starts again">{WINDOW_LABEL[window]}</td>
          <td data-label="Zone">{window === 'none' ? <span className="mw-quiet">none</span> : timezone}</td>
          <td data-label="Counts" title={COUNTS_HELP[counts]}>
            {COUNTS_LABEL[counts]}
          </td>
        </>
      }
      columns={5}
      name={`the metric ${name}`}
      canChange={canChange}
      editing={editing}
      onEdit={onEdit}
      editor={<EditMetric metric={metric} onDone={() => onEdit(false)} />}
      onRemove={BUILT_IN.includes(name) ? undefined : onDelete}
    />
  );
}

function EditMetric({ metric, onDone }: { metric: LimitMetric; onDone: () => void }) {
  const say = useNotice();
  const save = useLimitsChange((client, { name, ...change }: NewLimitMetric, options) =>
    client.metrics.change(name, change, options),
  );
  return (
    <MetricForm
      metric={metric}
      taken={[]}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(changed) =>
        save.mutate(changed, {
          onSuccess: () => {
            onDone();
            say(`Saved the metric ${metric.name}.`);
          },
        })
      }
    />
  );
}

function DeleteMetric({ name, onClose }: { name: string | null; onClose: () => void }) {
  const remove = useLimitsChange((client, metric: string, options) => client.metrics.remove(metric, options));
  return (
    <DeleteDialog
      item={name === null ? null : { id: name, name: name }}
      what="metric"
      remove={remove}
      onClose={onClose}
    >
      <p>
        Its limits in every tier, for every user and for the tenant are deleted, and so is what was counted.
        Calls that name it are refused from then on. This cannot be undone.
      </p>
    </DeleteDialog>
  );
}
