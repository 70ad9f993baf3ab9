'use client';

import type { ConnectionChange, NewConnection, ProviderConnection, ProviderName } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { type Problems, type Read, readUnless } from '../../logic/form.ts';
import { mapText, PROVIDER_LABEL, readMap } from '../../logic/reconcile/words.ts';
import { ChoiceField, SwitchField, TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

const KEY_HELP: Record<ProviderName, string> = {
  openai: 'An admin key of the organization. It is kept sealed and never shown again.',
  anthropic: 'An admin key (sk-ant-admin…). It is kept sealed and never shown again.',
};

interface Draft {
  provider: ProviderName;
  name: string;
  key: string;
  url: string;
  projects: string;
  enabled: boolean;
}

type Wanted = NewConnection & ConnectionChange;

export interface ConnectionFormProps {
  /** What is changed; without it a new one is made. */
  connection?: ProviderConnection;
  onDone: () => void;
}

/** Who is asked, and with which key. */
export function ConnectionForm({ connection, onDone }: ConnectionFormProps) {
  const isNew = connection === undefined;
  const save = useMoneyChange((client, wanted: Wanted, options) => {
    if (isNew) return client.connections.create(wanted, options);
    const { provider: _, ...change } = wanted;
    return client.connections.change(connection.id, change, options);
  });
  return (
    <ResourceForm
      what="connection"
      name={connection?.name}
      saveLabel={isNew ? 'Connect' : undefined}
      begin={draftOf(connection)}
      read={(draft) => read(draft, connection)}
      names={{ base_url: 'url', project_map: 'projects' }}
      save={save}
      said={({ name }) =>
        isNew ? `Connected ${name}. Its reports are being asked for.` : `Saved the connection ${name}.`
      }
      onDone={onDone}
    >
      {({ draft, text, choice, on }) => (
        <div className="mw-form-fields">
          {isNew && (
            <ChoiceField
              {...choice('provider')}
              label="Provider"
              help="Whose usage and cost reports are asked for."
              choices={PROVIDER_LABEL}
            />
          )}
          <TextField {...text('name')} label="Name" help="For you." placeholder="Production" />
          <TextField
            {...text('key')}
            label="Admin key"
            help={isNew ? KEY_HELP[draft.provider] : 'Left empty the old one stays.'}
            kind="password"
          />
          <TextField
            {...text('url')}
            label="Address"
            help="Only where the provider is asked elsewhere, as by a proxy. May stay empty."
            kind="url"
          />
          <TextField
            {...text('projects')}
            label="Projects"
            help="The provider’s project = yours, with commas; default is usage without one. Needed for figures of one project."
            placeholder="proj_abc = support-bot, default = other"
          />
          <SwitchField
            {...on('enabled')}
            label="Ask it"
            help="Switched off it stays, and your own events are shown."
          />
        </div>
      )}
    </ResourceForm>
  );
}

function draftOf(connection: ProviderConnection | undefined): Draft {
  return {
    provider: connection?.provider ?? 'openai',
    name: connection?.name ?? '',
    key: '',
    url: connection?.base_url ?? '',
    projects: mapText(connection?.project_map ?? {}),
    enabled: connection?.enabled ?? true,
  };
}

function read(draft: Draft, connection: ProviderConnection | undefined): Read<Wanted> {
  const map = readMap(draft.projects);
  const [name, key, movesTo] = [draft.name.trim(), draft.key.trim(), draft.url.trim() || null];
  const moves = connection !== undefined && movesTo !== connection.base_url;
  const problems: Problems = {
    name: name ? undefined : 'Enter a name, such as Production.',
    key: keyProblem(key, connection === undefined, moves),
    projects: map ? undefined : 'Write theirs = ours, with commas between.',
  };
  return readUnless(
    problems,
    () =>
      ({
        provider: draft.provider,
        name,
        enabled: draft.enabled,
        project_map: map,
        ...(key ? { key } : {}),
        ...(moves || (!connection && movesTo) ? { base_url: movesTo } : {}),
      }) as Wanted,
  );
}

function keyProblem(key: string, isNew: boolean, moves: boolean): string | undefined {
  if (key !== '') return undefined;
  if (isNew) return 'Enter the admin key.';
  return moves ? 'Another address needs the key again.' : undefined;
}
