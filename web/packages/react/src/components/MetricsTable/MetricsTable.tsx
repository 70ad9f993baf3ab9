'use client';

import type { LimitMetric, NewLimitMetric } from '@meterwire/client';
import { useId, useState } from 'react';
import { useLimitMetrics, useLimitsChange } from '../../hooks/useLimits.ts';
import { COUNTS_HELP, COUNTS_LABEL, metricLabel, WINDOW_LABEL } from '../../logic/limits/words.ts';
import { Card } from '../Card/Card.tsx';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { MetricForm } from './MetricForm.tsx';

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
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll" role="region" aria-label="Metrics, table" tabIndex={0}>
        <table className="mw-table mw-stack">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Unit</th>
              <th scope="col">Starts again</th>
              <th scope="col">Zone</th>
              <th scope="col">Counts</th>
              {canChange && (
                <th scope="col">
                  <span className="mw-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
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
  const editorId = useId();
  const { name, description, unit, window, timezone, counts } = metric;
  return (
    <>
      <tr className={editing ? 'mw-row-open' : ''}>
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
        {canChange && (
          <td className="mw-row-actions">
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Edit the metric ${name}`}
              aria-expanded={editing}
              aria-controls={editing ? editorId : undefined}
              onClick={() => onEdit(!editing)}
            >
              Edit
            </button>
            {!BUILT_IN.includes(name) && (
              <button
                type="button"
                className="mw-button mw-button-small"
                aria-label={`Delete the metric ${name}`}
                onClick={onDelete}
              >
                Delete
              </button>
            )}
          </td>
        )}
      </tr>
      {editing && (
        <tr className="mw-row-editor" id={editorId}>
          <td colSpan={6}>
            <EditMetric metric={metric} onDone={() => onEdit(false)} />
          </td>
        </tr>
      )}
    </>
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
  const say = useNotice();
  const remove = useLimitsChange((client, metric: string, options) => client.metrics.remove(metric, options));
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={name !== null}
      title={`Delete the metric ${name ?? ''}?`}
      confirmLabel="Delete the metric"
      busyLabel="Deleting…"
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => {
        if (!name) return;
        remove.mutate(name, {
          onSuccess: () => {
            close();
            say(`Deleted the metric ${name}.`);
          },
        });
      }}
    >
      <p>
        Its limits in every tier, for every user and for the tenant are deleted, and so is what was counted.
        Calls that name it are refused from then on. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
