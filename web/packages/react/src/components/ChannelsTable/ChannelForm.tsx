'use client';

import type { Channel, ChannelChange, NewChannel } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { channelDraft, readChannel } from '../../logic/alerts/input.ts';
import { CHANNEL_LABEL } from '../../logic/alerts/words.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

const TYPE_HELP = {
  email: 'Mail to some addresses, by the mail server of this installation.',
  slack: 'An incoming webhook of a Slack workspace.',
  webhook: 'A POST to an address of your own, signed as Standard Webhooks says.',
} as const;

export interface ChannelFormProps {
  /** What is changed; without it a new one is made. */
  channel?: Channel;
  onDone: () => void;
  onSaved?: (channel: Channel) => void;
}

/** Name, kind and address of a channel. */
export function ChannelForm({ channel, onDone, onSaved = () => {} }: ChannelFormProps) {
  const isNew = channel === undefined;
  const save = useMoneyChange((client, wanted: NewChannel & ChannelChange, options) => {
    if (isNew) return client.channels.create(wanted, options);
    const { type: _, ...change } = wanted;
    return client.channels.change(channel.id, change, options);
  });
  return (
    <ResourceForm
      what="channel"
      name={channel?.name}
      begin={channelDraft(channel)}
      read={(draft) => readChannel(draft, isNew)}
      save={save}
      said={({ name }) =>
        isNew
          ? `Added the channel ${name}. Send a test to see whether it arrives.`
          : `Saved the channel ${name}.`
      }
      onDone={onDone}
      onSaved={onSaved}
    >
      {({ draft, text, choice }) => (
        <div className="mw-form-fields">
          <TextField
            {...text('name')}
            label="Name"
            help="How budgets and rules call it."
            placeholder="Finance"
          />
          {isNew && (
            <ChoiceField
              {...choice('type')}
              label="Kind"
              help={TYPE_HELP[draft.type]}
              choices={CHANNEL_LABEL}
            />
          )}
          {draft.type === 'email' ? (
            <TextField
              {...text('to')}
              label="To"
              help="One or more addresses, with commas."
              placeholder="ops@example.com"
            />
          ) : (
            <TextField
              {...text('url')}
              label="Address"
              help={
                draft.type === 'slack'
                  ? `Whoever has it can write there, so it is kept sealed and never shown again.${isNew ? '' : ' Left empty it stays.'}`
                  : 'Asked with POST. Addresses inside the network are refused unless the admin allows them.'
              }
              placeholder={
                draft.type === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.com/hook'
              }
              kind="url"
            />
          )}
        </div>
      )}
    </ResourceForm>
  );
}
