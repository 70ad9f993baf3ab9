'use client';

import type { ConnectionChange, NewConnection, ProviderConnection } from '@meterwire/client';
import { useId, useState } from 'react';
import { useConnections, useMoneyChange } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useWhile } from '../../hooks/useWhile.ts';
import { instantInZone, instantSpan, todayInZone } from '../../logic/dates.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { HEALTH_LABEL, healthOf, providerLabel } from '../../logic/reconcile/words.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { BackfillForm } from './BackfillForm.tsx';
import { ConnectionForm } from './ConnectionForm.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';

const WHILE_BACKFILLING_MS = 2_000;

/** Connections to providers' reports: how they are, and the ways to change them. */
export function ConnectionsTable({ canChange, zone }: { canChange: boolean; zone: string }) {
  const query = useConnections();
  // A backfill goes on by itself; how far it is, is asked often while it does.
  useWhile(query.data?.items.some(isBackfilling) ?? false, WHILE_BACKFILLING_MS, query.refetch);
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Connections"
      summary="Providers that are asked for their own report of what was used."
      actions={
        canChange &&
        query.data && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Connect a provider
          </button>
        )
      }
    >
      {adding && <AddConnection onDone={() => setAdding(false)} />}
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
    </Card>
  );
}

function AddConnection({ onDone }: { onDone: () => void }) {
  const say = useNotice();
  const create = useMoneyChange((client, connection: NewConnection, options) =>
    client.connections.create(connection, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New connection</h3>
      <ConnectionForm
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(connection) =>
          create.mutate(connection, {
            onSuccess: ({ name }) => {
              onDone();
              say(`Connected ${name}. Its reports are being asked for.`);
            },
          })
        }
      />
    </div>
  );
}

interface TableProps {
  connections: readonly ProviderConnection[];
  canChange: boolean;
  zone: string;
}

function Table({ connections, canChange, zone }: TableProps) {
  const [opened, setOpened] = useState<{ id: string; what: Opened } | null>(null);
  const [deleting, setDeleting] = useState<ProviderConnection | null>(null);
  return (
    <>
      <EditableTable
        label="Connections"
        columns={['Connection', 'State', 'Last answer', 'Covers']}
        actions={canChange}
      >
        {connections.map((connection) => (
          <ConnectionRows
            key={connection.id}
            connection={connection}
            canChange={canChange}
            zone={zone}
            opened={opened?.id === connection.id ? opened.what : null}
            onOpen={(what) => setOpened(what && { id: connection.id, what })}
            onDelete={() => setDeleting(connection)}
          />
        ))}
      </EditableTable>
      <DeleteConnection connection={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

type Opened = 'edit' | 'backfill';

interface ConnectionRowsProps {
  connection: ProviderConnection;
  canChange: boolean;
  zone: string;
  opened: Opened | null;
  onOpen: (what: Opened | null) => void;
  onDelete: () => void;
}

function ConnectionRows(props: ConnectionRowsProps) {
  const { connection, canChange, zone, opened, onOpen } = props;
  const panelId = useId();
  const now = useNow();
  const year = todayInZone(now, zone).slice(0, 4);
  const { name, provider, is_fixed, state } = connection;
  const health = healthOf(connection);
  return (
    <>
      <tr className={opened ? 'mw-row-open' : ''}>
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
        {canChange && <Actions {...props} panelId={panelId} />}
      </tr>
      {opened && (
        <tr className="mw-row-editor" id={panelId}>
          <td colSpan={5}>
            {opened === 'edit' ? (
              <EditConnection connection={connection} onDone={() => onOpen(null)} />
            ) : (
              <BackfillForm connection={connection} onDone={() => onOpen(null)} />
            )}
          </td>
        </tr>
      )}
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

function Actions({
  connection,
  opened,
  onOpen,
  onDelete,
  panelId,
}: ConnectionRowsProps & { panelId: string }) {
  const say = useNotice();
  const refresh = useMoneyChange((client, id: string, options) => client.connections.refresh(id, options));
  const { id, name, is_fixed } = connection;
  const toggle = (what: Opened, label: string, text: string) => (
    <button
      type="button"
      className="mw-button mw-button-small"
      aria-label={label}
      aria-expanded={opened === what}
      aria-controls={opened === what ? panelId : undefined}
      onClick={() => onOpen(opened === what ? null : what)}
    >
      {text}
    </button>
  );
  return (
    <td className="mw-row-actions mw-row-many">
      <button
        type="button"
        className="mw-button mw-button-small"
        aria-label={`Refresh ${name}`}
        aria-disabled={refresh.isPending}
        onClick={() =>
          !refresh.isPending &&
          refresh.mutate(id, {
            onSuccess: ({ asked }) =>
              say(
                asked > 0
                  ? `${name} is asked for ${countOf(asked, 'report')}.`
                  : `${name} has just answered, or asked to wait.`,
              ),
          })
        }
      >
        {refresh.isPending ? 'Asking…' : 'Refresh'}
      </button>
      {toggle('backfill', `Backfill of ${name}`, 'Backfill')}
      {!is_fixed && toggle('edit', `Edit the connection ${name}`, 'Edit')}
      {!is_fixed && (
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-label={`Delete the connection ${name}`}
          onClick={onDelete}
        >
          Delete
        </button>
      )}
      {refresh.error && (
        <span className="mw-problem mw-test-problem" role="alert">
          {refresh.error.message}
        </span>
      )}
    </td>
  );
}

function EditConnection({ connection, onDone }: { connection: ProviderConnection; onDone: () => void }) {
  const say = useNotice();
  const save = useMoneyChange((client, change: ConnectionChange, options) =>
    client.connections.change(connection.id, change, options),
  );
  return (
    <ConnectionForm
      connection={connection}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={({ provider: _, ...change }) =>
        save.mutate(change, {
          onSuccess: ({ name }) => {
            onDone();
            say(`Saved the connection ${name}.`);
          },
        })
      }
    />
  );
}

interface DeleteProps {
  connection: ProviderConnection | null;
  onClose: () => void;
}

function DeleteConnection({ connection, onClose }: DeleteProps) {
  const remove = useMoneyChange((client, id: string, options) => client.connections.remove(id, options));
  return (
    <DeleteDialog
      item={connection && { id: connection.id, name: connection.name }}
      what="connection"
      remove={remove}
      onClose={onClose}
    >
      <p>
        Its key and everything that it reported are forgotten. Pages show your own events again. Recorded
        events stay as they are.
      </p>
    </DeleteDialog>
  );
}
