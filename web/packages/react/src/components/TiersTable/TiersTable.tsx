'use client';

import type { LimitMetric, Tier } from '@meterwire/client';
import { useState } from 'react';
import { useLimitMetrics, useLimitsChange, useTiers } from '../../hooks/useLimits.ts';
import { changedLimits } from '../../logic/limits/changed.ts';
import { exactAmount, limitText, metricLabel } from '../../logic/limits/words.ts';
import { formatInteger } from '../../logic/number.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { type Column, EditableTable } from '../EditableTable/EditableTable.tsx';
import { LimitsEditor, type LimitsWanted } from '../LimitsEditor/LimitsEditor.tsx';
import { First } from '../Paged/First.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { Asked } from '../States/Asked.tsx';
import { NewTier } from './NewTier.tsx';

/** Every user without a tier of its own has this one, so it always exists. */
const DEFAULT_TIER = 'free';

/** What each tier allows, and for an owner the ways to change it. */
export function TiersTable({ canChange }: { canChange: boolean }) {
  const tiers = useTiers();
  const metrics = useLimitMetrics();
  const all = tiers.data?.items ?? [];
  return (
    <ResourceCard
      title="Tiers"
      summary={
        canChange
          ? 'A change holds at once for every user of the tier. A tier without users can be deleted; free always stays.'
          : 'What each tier allows. An owner changes it.'
      }
      add={canChange && tiers.data && metrics.data && 'Add a tier'}
      form={(close) => (
        <NewTier
          metrics={metrics.data?.items ?? []}
          taken={all.map(({ name }) => name)}
          startFrom={all.find(({ name }) => name === DEFAULT_TIER)?.limits ?? {}}
          onDone={close}
        />
      )}
    >
      <Asked keep query={metrics} label="tiers" skeleton="mw-skeleton-table">
        {({ items }) => (
          <Asked keep query={tiers} label="tiers" skeleton="mw-skeleton-table">
            {(data) => (
              <First items={data.items} one="tier" step={20}>
                {(shown) => <Table tiers={shown} metrics={items} canChange={canChange} />}
              </First>
            )}
          </Asked>
        )}
      </Asked>
    </ResourceCard>
  );
}

interface TableProps {
  tiers: readonly Tier[];
  metrics: readonly LimitMetric[];
  canChange: boolean;
}

function Table({ tiers, metrics, canChange }: TableProps) {
  const [deleting, setDeleting] = useState<string | null>(null);
  const remove = useLimitsChange((client, tier: string, options) => client.tiers.remove(tier, options));
  const withUsers = tiers.some(({ users }) => users !== undefined);
  const columns: Column[] = [
    'Tier',
    ...metrics.map(({ name }) => ({ name: metricLabel(name), numeric: true as const })),
    ...(withUsers ? [{ name: 'Users', numeric: true as const }] : []),
  ];
  return (
    <>
      <EditableTable
        label="Tiers"
        columns={columns}
        actions={canChange}
        items={tiers.map((tier) => ({
          id: tier.name,
          what: `the tier ${tier.name}`,
          cells: <Cells tier={tier} metrics={metrics} withUsers={withUsers} />,
          panels: [
            {
              text: 'Edit',
              label: `Edit the limits of ${tier.name}`,
              content: (close) => <EditTier tier={tier} metrics={metrics} onDone={close} />,
            },
          ],
          removal:
            tier.name === DEFAULT_TIER || tier.users
              ? undefined
              : { text: 'Delete', run: () => setDeleting(tier.name) },
        }))}
      />
      <DeleteDialog
        item={deleting === null ? null : { id: deleting, name: deleting }}
        what="tier"
        remove={remove}
        onClose={() => setDeleting(null)}
      >
        <p>No user has it now. Its limits are gone, and nobody can be put on it any more.</p>
      </DeleteDialog>
    </>
  );
}

interface CellsProps {
  tier: Tier;
  metrics: readonly LimitMetric[];
  withUsers: boolean;
}

function Cells({ tier, metrics, withUsers }: CellsProps) {
  return (
    <>
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
    </>
  );
}

interface EditTierProps {
  tier: Tier;
  metrics: readonly LimitMetric[];
  onDone: () => void;
}

function EditTier({ tier, metrics, onDone }: EditTierProps) {
  // What was there when the form was opened: what somebody else changes meanwhile is not changed back.
  const [before] = useState(() => completed(tier.limits, metrics));
  const save = useLimitsChange((client, { limits }: LimitsWanted, options) =>
    client.tiers.change(tier.name, changedLimits(before, limits).changed, options),
  );
  return (
    <LimitsEditor
      label={`Limits of the tier ${tier.name}`}
      metrics={metrics}
      limits={before}
      saveLabel="Save limits"
      save={save}
      said={({ limits }) =>
        `Saved the tier ${tier.name}: ${changedLimits(before, limits).words || 'nothing is another'}.`
      }
      onDone={onDone}
    />
  );
}

/** A metric that a tier says nothing about is unlimited in it. */
function completed(limits: Tier['limits'], metrics: readonly LimitMetric[]): Tier['limits'] {
  return Object.fromEntries(metrics.map(({ name }) => [name, limits[name] ?? null]));
}
