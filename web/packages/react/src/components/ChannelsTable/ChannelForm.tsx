'use client';

import type { Channel, ChannelChange, NewChannel } from '@meterwire/client';
import { useState } from 'react';
import {
  type ChannelDraft,
  type ChannelProblems,
  channelDraft,
  readChannel,
} from '../../logic/alerts/input.ts';
import { CHANNEL_LABEL } from '../../logic/alerts/words.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

const TYPE_HELP = {
  email: 'Mail to some addresses, by the mail server of this installation.',
  slack: 'An incoming webhook of a Slack workspace.',
  webhook: 'A POST to an address of your own, signed as Standard Webhooks says.',
} as const;

export interface ChannelFormProps {
  /** What is changed; without it a new one is made. */
  channel?: Channel;
  busy: boolean;
  error: Error | null;
  onSave: (channel: NewChannel & ChannelChange) => void;
  onCancel: () => void;
}

/** Name, kind and address of a channel. */
export function ChannelForm({ channel, busy, error, onSave, onCancel }: ChannelFormProps) {
  const [draft, setDraft] = useState(() => channelDraft(channel));
  const [problems, setProblems] = useState<ChannelProblems>({});
  const isNew = channel === undefined;
  const change = (part: Partial<ChannelDraft>) => setDraft({ ...draft, ...part });
  const save = () => {
    const read = readChannel(draft, isNew);
    setProblems('problems' in read ? read.problems : {});
    if ('problems' in read) return Object.entries(read.problems).find(([, problem]) => problem)?.[0];
    onSave(read.channel);
    return undefined;
  };
  return (
    <Form
      label={isNew ? 'New channel' : `Channel ${channel.name}`}
      saveLabel={isNew ? 'Add the channel' : 'Save channel'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        <TextField
          name="name"
          label="Name"
          help="How budgets and rules call it."
          placeholder="Finance"
          value={draft.name}
          problem={problems.name}
          onChange={(name) => change({ name })}
        />
        {isNew && (
          <ChoiceField
            label="Kind"
            help={TYPE_HELP[draft.type]}
            choices={CHANNEL_LABEL}
            value={draft.type}
            onChange={(type) => change({ type })}
          />
        )}
        {draft.type === 'email' ? (
          <TextField
            name="to"
            label="To"
            help="One or more addresses, with commas."
            placeholder="ops@example.com"
            value={draft.to}
            problem={problems.to}
            onChange={(to) => change({ to })}
          />
        ) : (
          <TextField
            name="url"
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
            value={draft.url}
            problem={problems.url}
            onChange={(url) => change({ url })}
          />
        )}
      </div>
    </Form>
  );
}
