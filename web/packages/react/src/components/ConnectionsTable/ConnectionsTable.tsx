'use client';

import type { ProviderConnection } from '@meterwire/client';
import { useState } from 'react';
import { useConnections, useMoneyChange } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useWhile } from '../../hooks/useWhile.ts';
import { instantInZone, instantSpan, todayInZone } from '../../logic/dates.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { HEALTH_LABEL, healthOf, providerLabel } from '../../logic/reconcile/words.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { RowButton } from '../EditableTable/RowButton.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { BackfillForm } from './BackfillForm.tsx';
import { ConnectionForm } from './ConnectionForm.tsx';

const WHILE_BACKFILLING_MS = 2_000;

/** Connections to providers' reports: how they are, and the ways to change them. */
export function ConnectionsTable({ canChange, zone }: { canChange: boolean; zone: string }) {
  const query = useConnections();
  // A backfill goes on by itself; how far it is, is asked often while it does.
  useWhile(query.data?.items.some(isBackfilling) ?? false, WHILE_BACKFILLING_MS, query.refetch);
  return (
    <ResourceCard
      title="Connections"
      summary="Providers that are asked for their own report of what was used."
      add={canChange && query.data && 'Connect a provider'}
      form={(close) => <ConnectionForm onDone={close} />}
    >
      <Asked keep query={query} label="connections" skeleton="mw-skeleton-table">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyRange>
              No provider is connected, so there is nothing to compare with.{' '}
              {canChange ? 'Connect one with an admin key.' : 'An owner connects one.'}
            </EmptyRange>
          ) : (
            <Table connections={items} canChange={canChange} zone={zone} />
          )
        }
      </Asked>
    </ResourceCard>
  );
}

interface TableProps {
  connections: readonly ProviderConnection[];
  canChange: boolean;
  zone: string;
}

function Table({ connections, canChange, zone }: TableProps) {
  const [deleting, setDeleting] = useState<ProviderConnection | null>(null);
  const remove = useMoneyChange((client, id: string, options) => client.connections.remove(id, options));
  return (
    <>
      <EditableTable
        label="Connections"
        columns={['Connection', 'State', 'Last answer', 'Covers']}
        actions={canChange}
        items={connections.map((connection) => {
          const { id, name, is_fixed } = connection;
          const backfill = {
            text: 'Backfill',
            label: `Backfill of ${name}`,
            content: (close: () => void) => <BackfillForm connection={connection} onDone={close} />,
          };
          const edit = {
            text: 'Edit',
            content: (close: () => void) => <ConnectionForm connection={connection} onDone={close} />,
          };
          return {
            id,
            what: `the connection ${name}`,
            wide: true,
            cells: <Cells connection={connection} zone={zone} />,
            buttons: () => <RefreshButton connection={connection} />,
            // One that the server's own settings name is changed there.
            panels: is_fixed ? [backfill] : [backfill, edit],
            removal: is_fixed ? undefined : { text: 'Delete', run: () => setDeleting(connection) },
          };
        })}
      />
      <DeleteDialog item={deleting} what="connection" remove={remove} onClose={() => setDeleting(null)}>
        <p>
          Its key and everything that it reported are forgotten. Pages show your own events again. Recorded
          events stay as they are.
        </p>
      </DeleteDialog>
    </>
  );
}

function Cells({ connection, zone }: { connection: ProviderConnection; zone: string }) {
  const { name, provider, is_fixed, state } = connection;
  const year = todayInZone(useNow(), zone).slice(0, 4);
  const health = healthOf(connection);
  return (
    <>
      <th scope="row">
        <strong>{name}</strong>
        <span className="mw-cell-note">
          {providerLabel(provider)}
          {is_fixed && ', by the settings of the server'}
        </span>
      </th>
      <td data-label="State">
        <span>
          <span className={`mw-delivery mw-delivery-${health}`}>
            <span className="mw-level-dot" aria-hidden="true" />
            {HEALTH_LABEL[health]}
          </span>
          {health !== 'good' && (
            <span className="mw-cell-note" title={state.last_error?.message ?? state.why}>
              {state.last_error?.message ?? state.why}
            </span>
          )}
        </span>
      </td>
      <td data-label="Last answer">
        {state.last_success_at ? (
          <time dateTime={state.last_success_at}>{instantInZone(state.last_success_at, zone, year)}</time>
        ) : (
          <span className="mw-quiet">never</span>
        )}
      </td>
      <td data-label="Covers">
        <span>
          {state.covers ? (
            instantSpan(state.covers.from, state.covers.to, 'UTC')
          ) : (
            <span className="mw-quiet">nothing yet</span>
          )}
          {state.revised.buckets > 0 && (
            <span className="mw-cell-note">{countOf(state.revised.buckets, 'day')} revised</span>
          )}
          <Backfilling connection={connection} />
        </span>
      </td>
    </>
  );
}

function isBackfilling({ state: { backfill } }: Pick<ProviderConnection, 'state'>): boolean {
  return backfill.of > 0 && backfill.done_buckets < backfill.of;
}

function Backfilling({ connection: { name, state } }: { connection: ProviderConnection }) {
  const { backfill } = state;
  if (!isBackfilling({ state })) return null;
  const text = `${formatInteger(backfill.done_buckets)} of ${formatInteger(backfill.of)} days`;
  return (
    <span className="mw-backfill">
      <ProgressBar
        percentage={(backfill.done_buckets / backfill.of) * 100}
        label={`Backfill of ${name}`}
        valueText={text}
      />
      <span className="mw-cell-note">Backfill: {text}</span>
    </span>
  );
}

function RefreshButton({ connection: { id, name } }: { connection: ProviderConnection }) {
  const say = useNotice();
  const refresh = useMoneyChange((client, one: string, options) => client.connections.refresh(one, options));
  return (
    <RowButton
      text="Refresh"
      busyText="Asking…"
      label={`Refresh ${name}`}
      id={id}
      act={refresh}
      onDone={({ asked }) =>
        say(
          asked > 0
            ? `${name} is asked for ${countOf(asked, 'report')}.`
            : `${name} has just answered, or asked to wait.`,
        )
      }
    />
  );
}
