'use client';

import type { Channel, ChannelChange, NewChannel } from '@meterwire/client';
import { useState } from 'react';
import { useChannels, useMoneyChange } from '../../hooks/useMoney.ts';
import { CHANNEL_LABEL, channelPlace } from '../../logic/alerts/words.ts';
import { Card } from '../Card/Card.tsx';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import { TestButton } from './TestButton.tsx';
import { EditableRow, EditableTable } from '../EditableTable/EditableTable.tsx';

/** The ways to people: made, tried, switched off and on, deleted. */
export function ChannelsTable({ canChange }: { canChange: boolean }) {
  const query = useChannels();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Channel | null>(null);
  return (
    <Card
      title="Channels"
      summary="Where alerts go. A budget or a rule may name some of them; otherwise all are told."
      actions={
        canChange &&
        query.data && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a channel
          </button>
        )
      }
    >
      {adding && <AddChannel onDone={() => setAdding(false)} onMade={setMade} />}
      {made?.secret && <Secret channel={made} secret={made.secret} onClose={() => setMade(null)} />}
      <Asked keep query={query} label="channels" skeleton="mw-skeleton-table">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyRange>
              No channel yet, so alerts are only listed here.{' '}
              {canChange ? 'Add one, then send a test.' : 'An owner adds one.'}
            </EmptyRange>
          ) : (
            <Table channels={items} canChange={canChange} onSecret={setMade} />
          )
        }
      </Asked>
    </Card>
  );
}

interface AddChannelProps {
  onDone: () => void;
  onMade: (channel: Channel) => void;
}

function AddChannel({ onDone, onMade }: AddChannelProps) {
  const say = useNotice();
  const create = useMoneyChange((client, channel: NewChannel, options) =>
    client.channels.create(channel, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New channel</h3>
      <ChannelForm
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(channel) =>
          create.mutate(channel, {
            onSuccess: (done) => {
              onDone();
              onMade(done);
              say(`Added the channel ${done.name}. Send a test to see whether it arrives.`);
            },
          })
        }
      />
    </div>
  );
}

/** Shown this once: the server keeps it sealed. */
function Secret({ channel, secret, onClose }: { channel: Channel; secret: string; onClose: () => void }) {
  return (
    <section className="mw-inset" aria-label={`Secret of ${channel.name}`}>
      <h3 className="mw-inset-title">Secret of {channel.name}</h3>
      <p className="mw-section-text">
        It signs every message, so that the receiver can tell it from a forged one. It is shown this once.
      </p>
      <CopyBlock label={`Secret of ${channel.name}, text`} text={secret} />
      <div className="mw-editor-actions mw-detail-actions">
        <button type="button" className="mw-button" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </section>
  );
}

interface TableProps {
  channels: readonly Channel[];
  canChange: boolean;
  onSecret: (channel: Channel) => void;
}

function Table({ channels, canChange, onSecret }: TableProps) {
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Channel | null>(null);
  return (
    <>
      <EditableTable label="Channels" columns={['Channel', 'Leads to', 'State']} actions={canChange}>
        {channels.map((channel) => (
          <ChannelRows
            key={channel.id}
            channel={channel}
            canChange={canChange}
            editing={editing === channel.id}
            onEdit={(on) => setEditing(on ? channel.id : null)}
            onDelete={() => setDeleting(channel)}
            onSecret={onSecret}
          />
        ))}
      </EditableTable>
      <DeleteChannel channel={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface ChannelRowsProps {
  channel: Channel;
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  onDelete: () => void;
  onSecret: (channel: Channel) => void;
}

function ChannelRows({ channel, canChange, editing, onEdit, onDelete, onSecret }: ChannelRowsProps) {
  const { name, type, enabled, off_because } = channel;
  return (
    <EditableRow
      cells={
        <>
          <th scope="row">
            <strong>{name}</strong>
            <span className="mw-cell-note">{CHANNEL_LABEL[type]}</span>
          </th>
          <td data-label="Leads to" className="mw-cell-id">
            {channelPlace(channel)}
          </td>
          <td data-label="State">
            <span>
              {canChange ? <OnOff channel={channel} /> : enabled ? 'On' : 'Off'}
              {!enabled && off_because && <span className="mw-cell-note">{off_because}</span>}
            </span>
          </td>
        </>
      }
      columns={3}
      name={`the channel ${name}`}
      canChange={canChange}
      editing={editing}
      onEdit={onEdit}
      editor={<EditChannel channel={channel} onDone={() => onEdit(false)} onSecret={onSecret} />}
      onRemove={onDelete}
      more={<TestButton channel={channel} />}
    />
  );
}

function OnOff({ channel }: { channel: Channel }) {
  const say = useNotice();
  const change = useMoneyChange((client, enabled: boolean, options) =>
    client.channels.change(channel.id, { enabled }, options),
  );
  const on = change.isPending ? change.variables : channel.enabled;
  return (
    <>
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={`Send to ${channel.name}`}
          checked={on}
          onChange={(event) => {
            if (change.isPending) return;
            change.mutate(event.target.checked, {
              onSuccess: ({ enabled }) => say(`${channel.name} is ${enabled ? 'on' : 'off'}.`),
            });
          }}
        />
        <span className="mw-switch-track" />
        <span aria-hidden="true">{on ? 'On' : 'Off'}</span>
      </label>
      {change.error && (
        <p className="mw-problem" role="alert">
          {change.error.message}
        </p>
      )}
    </>
  );
}

interface EditChannelProps {
  channel: Channel;
  onDone: () => void;
  onSecret: (channel: Channel) => void;
}

function EditChannel({ channel, onDone, onSecret }: EditChannelProps) {
  const say = useNotice();
  const save = useMoneyChange((client, change: ChannelChange, options) =>
    client.channels.change(channel.id, change, options),
  );
  return (
    <>
      <ChannelForm
        channel={channel}
        busy={save.isPending}
        error={save.error}
        onCancel={onDone}
        onSave={({ type: _, ...change }) =>
          save.mutate(change as ChannelChange, {
            onSuccess: ({ name }) => {
              onDone();
              say(`Saved the channel ${name}.`);
            },
          })
        }
      />
      {channel.type === 'webhook' && (
        <div className="mw-section">
          <p className="mw-section-text">A new secret ends the old one at once.</p>
          <div className="mw-editor-actions mw-detail-actions">
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-disabled={save.isPending}
              onClick={() =>
                !save.isPending &&
                save.mutate(
                  { new_secret: true },
                  {
                    onSuccess: (changed) => {
                      onDone();
                      onSecret(changed);
                    },
                  },
                )
              }
            >
              Make a new secret
            </button>
          </div>
        </div>
      )}
    </>
  );
}

function DeleteChannel({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const remove = useMoneyChange((client, id: string, options) => client.channels.remove(id, options));
  return (
    <DeleteDialog
      item={channel && { id: channel.id, name: channel.name }}
      what="channel"
      remove={remove}
      onClose={onClose}
    >
      <p>What is on its way there is given up. The history keeps what was sent.</p>
    </DeleteDialog>
  );
}
