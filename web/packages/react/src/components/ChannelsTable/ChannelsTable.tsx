'use client';

import type { Channel } from '@meterwire/client';
import { useState } from 'react';
import { useChannels, useMoneyChange } from '../../hooks/useMoney.ts';
import { CHANNEL_LABEL, channelPlace } from '../../logic/alerts/words.ts';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { OnOffSwitch } from '../Form/OnOffSwitch.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import { TestButton } from './TestButton.tsx';

/** The ways to people: made, tried, switched off and on, deleted. */
export function ChannelsTable({ canChange }: { canChange: boolean }) {
  const query = useChannels();
  const [made, setMade] = useState<Channel | null>(null);
  return (
    <ResourceCard
      title="Channels"
      summary="Where alerts go. A budget or a rule may name some of them; otherwise all are told."
      add={canChange && query.data && 'Add a channel'}
      form={(close) => <ChannelForm onDone={close} onSaved={setMade} />}
    >
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
    </ResourceCard>
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
  const [deleting, setDeleting] = useState<Channel | null>(null);
  const remove = useMoneyChange((client, id: string, options) => client.channels.remove(id, options));
  return (
    <>
      <EditableTable
        label="Channels"
        columns={['Channel', 'Leads to', 'State']}
        actions={canChange}
        items={channels.map((channel) => ({
          id: channel.id,
          what: `the channel ${channel.name}`,
          cells: <Cells channel={channel} canChange={canChange} />,
          buttons: () => <TestButton channel={channel} />,
          panels: [
            {
              text: 'Edit',
              content: (close) => (
                <>
                  <ChannelForm channel={channel} onDone={close} />
                  {channel.type === 'webhook' && (
                    <NewSecret channel={channel} onDone={close} onSecret={onSecret} />
                  )}
                </>
              ),
            },
          ],
          removal: { text: 'Delete', run: () => setDeleting(channel) },
        }))}
      />
      <DeleteDialog item={deleting} what="channel" remove={remove} onClose={() => setDeleting(null)}>
        <p>What is on its way there is given up. The history keeps what was sent.</p>
      </DeleteDialog>
    </>
  );
}

function Cells({ channel, canChange }: { channel: Channel; canChange: boolean }) {
  const { id, name, type, enabled, off_because } = channel;
  const change = useMoneyChange((client, on: boolean, options) =>
    client.channels.change(id, { enabled: on }, options),
  );
  return (
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
          {canChange ? (
            <OnOffSwitch
              label={`Send to ${name}`}
              on={enabled}
              change={change}
              said={(on) => `${name} is ${on ? 'on' : 'off'}.`}
            />
          ) : enabled ? (
            'On'
          ) : (
            'Off'
          )}
          {!enabled && off_because && <span className="mw-cell-note">{off_because}</span>}
        </span>
      </td>
    </>
  );
}

interface NewSecretProps {
  channel: Channel;
  onDone: () => void;
  onSecret: (channel: Channel) => void;
}

function NewSecret({ channel, onDone, onSecret }: NewSecretProps) {
  const make = useMoneyChange((client, id: string, options) =>
    client.channels.change(id, { new_secret: true }, options),
  );
  const run = () =>
    make.mutate(channel.id, {
      onSuccess: (changed) => {
        onDone();
        onSecret(changed);
      },
    });
  return (
    <div className="mw-section">
      <p className="mw-section-text">A new secret ends the old one at once.</p>
      {make.error && (
        <p className="mw-problem" role="alert">
          {make.error.message}
        </p>
      )}
      <div className="mw-editor-actions mw-detail-actions">
        <button
          type="button"
          className="mw-button mw-button-small"
          aria-disabled={make.isPending}
          onClick={() => !make.isPending && run()}
        >
          Make a new secret
        </button>
      </div>
    </div>
  );
}
