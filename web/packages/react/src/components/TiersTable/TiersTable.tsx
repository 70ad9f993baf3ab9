'use client';

import type { LimitMetric, Tier } from '@meterwire/client';
import { useId, useState } from 'react';
import { useLimitMetrics, useLimitsChange, useTiers } from '../../hooks/useLimits.ts';
import { changedLimits } from '../../logic/limits/changed.ts';
import { exactAmount, limitText, metricLabel } from '../../logic/limits/words.ts';
import { formatInteger } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { LimitsEditor } from '../LimitsEditor/LimitsEditor.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { NewTier } from './NewTier.tsx';

/** Every user without a tier of its own has this one, so it always exists. */
const DEFAULT_TIER = 'free';

/** What each tier allows, and for an owner the ways to change it. */
export function TiersTable({ canChange }: { canChange: boolean }) {
  const tiers = useTiers();
  const metrics = useLimitMetrics();
  const [adding, setAdding] = useState(false);
  const all = tiers.data?.items ?? [];
  const summary = canChange
    ? 'A change holds at once for every user of the tier. A tier without users can be deleted; free always stays.'
    : 'What each tier allows. An owner changes it.';
  return (
    <Card
      title="Tiers"
      summary={summary}
      actions={
        canChange &&
        tiers.data &&
        metrics.data && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a tier
          </button>
        )
      }
    >
      <Asked keep query={metrics} label="tiers" skeleton="mw-skeleton-table">
        {({ items }) => (
          <>
            {adding && (
              <NewTier
                metrics={items}
                taken={all.map(({ name }) => name)}
                startFrom={all.find(({ name }) => name === DEFAULT_TIER)?.limits ?? {}}
                onDone={() => setAdding(false)}
              />
            )}
            <Asked keep query={tiers} label="tiers" skeleton="mw-skeleton-table">
              {(data) => <Table tiers={data.items} metrics={items} canChange={canChange} />}
            </Asked>
          </>
        )}
      </Asked>
    </Card>
  );
}

interface TableProps {
  tiers: readonly Tier[];
  metrics: readonly LimitMetric[];
  canChange: boolean;
}

function Table({ tiers, metrics, canChange }: TableProps) {
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const withUsers = tiers.some(({ users }) => users !== undefined);
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll" role="region" aria-label="Tiers, table" tabIndex={0}>
        <table className="mw-table mw-stack">
          <thead>
            <tr>
              <th scope="col">Tier</th>
              {metrics.map(({ name }) => (
                <th scope="col" className="mw-num" key={name}>
                  {metricLabel(name)}
                </th>
              ))}
              {withUsers && (
                <th scope="col" className="mw-num">
                  Users
                </th>
              )}
              {canChange && (
                <th scope="col">
                  <span className="mw-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <TierRows
                key={tier.name}
                tier={tier}
                metrics={metrics}
                withUsers={withUsers}
                canChange={canChange}
                editing={editing === tier.name}
                onEdit={(on) => setEditing(on ? tier.name : null)}
                onDelete={() => setDeleting(tier.name)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <DeleteTier name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface TierRowsProps {
  tier: Tier;
  metrics: readonly LimitMetric[];
  withUsers: boolean;
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  onDelete: () => void;
}

function TierRows(props: TierRowsProps) {
  const { tier, metrics, withUsers, canChange, editing, onEdit, onDelete } = props;
  const editorId = useId();
  const canDelete = tier.name !== DEFAULT_TIER && !tier.users;
  const columns = metrics.length + 2 + (withUsers ? 1 : 0);
  return (
    <>
      <tr className={editing ? 'mw-row-open' : ''}>
        <th scope="row">
          <strong>{tier.name}</strong>
        </th>
        {metrics.map(({ name, unit }) => {
          const limit = tier.limits[name];
          return (
            <td className="mw-num" data-label={metricLabel(name)} key={name}>
              {typeof limit === 'number' ? (
                <span title={exactAmount(name, limit)}>{limitText(name, limit, unit)}</span>
              ) : (
                <span className="mw-quiet">Unlimited</span>
              )}
            </td>
          );
        })}
        {withUsers && (
          <td className="mw-num" data-label="Users">
            {formatInteger(tier.users ?? 0)}
          </td>
        )}
        {canChange && (
          <td className="mw-row-actions">
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Edit the limits of ${tier.name}`}
              aria-expanded={editing}
              aria-controls={editing ? editorId : undefined}
              onClick={() => onEdit(!editing)}
            >
              Edit
            </button>
            {canDelete && (
              <button
                type="button"
                className="mw-button mw-button-small"
                aria-label={`Delete the tier ${tier.name}`}
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
          <td colSpan={columns}>
            <EditTier tier={tier} metrics={metrics} onDone={() => onEdit(false)} />
          </td>
        </tr>
      )}
    </>
  );
}

function EditTier({
  tier,
  metrics,
  onDone,
}: {
  tier: Tier;
  metrics: readonly LimitMetric[];
  onDone: () => void;
}) {
  const say = useNotice();
  // What was there when the form was opened: what somebody else changes meanwhile is not changed back.
  const [before] = useState(() => completed(tier.limits, metrics));
  const save = useLimitsChange((client, limits: Tier['limits'], options) =>
    client.tiers.change(tier.name, limits, options),
  );
  return (
    <LimitsEditor
      label={`Limits of the tier ${tier.name}`}
      metrics={metrics}
      limits={before}
      saveLabel="Save limits"
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(after) => {
        const { changed, words } = changedLimits(before, after);
        if (words === '') return onDone();
        save.mutate(changed as Tier['limits'], {
          onSuccess: () => {
            onDone();
            say(`Saved the tier ${tier.name}: ${words}.`);
          },
        });
      }}
    />
  );
}

/** A metric that a tier says nothing about is unlimited in it. */
function completed(limits: Tier['limits'], metrics: readonly LimitMetric[]): Tier['limits'] {
  return Object.fromEntries(metrics.map(({ name }) => [name, limits[name] ?? null]));
}

function DeleteTier({ name, onClose }: { name: string | null; onClose: () => void }) {
  const remove = useLimitsChange((client, tier: string, options) => client.tiers.remove(tier, options));
  return (
    <DeleteDialog
      item={name === null ? null : { id: name, name: name }}
      what="tier"
      remove={remove}
      onClose={onClose}
    >
      <p>No user has it now. Its limits are gone, and nobody can be put on it any more.</p>
    </DeleteDialog>
  );
}
