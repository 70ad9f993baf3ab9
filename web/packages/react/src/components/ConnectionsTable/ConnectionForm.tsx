'use client';

import type { ConnectionChange, NewConnection, ProviderConnection, ProviderName } from '@meterwire/client';
import { useState } from 'react';
import { mapText, PROVIDER_LABEL, readMap } from '../../logic/reconcile/words.ts';
import { ChoiceField, SwitchField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

const KEY_HELP: Record<ProviderName, string> = {
  openai: 'An admin key of the organization. It is kept sealed and never shown again.',
  anthropic: 'An admin key (sk-ant-admin…). It is kept sealed and never shown again.',
};

export interface ConnectionFormProps {
  /** What is changed; without it a new one is made. */
  connection?: ProviderConnection;
  busy: boolean;
  error: Error | null;
  onSave: (connection: NewConnection & ConnectionChange) => void;
  onCancel: () => void;
}

/** Who is asked, and with which key. */
export function ConnectionForm({ connection, busy, error, onSave, onCancel }: ConnectionFormProps) {
  const [provider, setProvider] = useState<ProviderName>(connection?.provider ?? 'openai');
  const [name, setName] = useState(connection?.name ?? '');
  const [key, setKey] = useState('');
  const [url, setUrl] = useState(connection?.base_url ?? '');
  const [enabled, setEnabled] = useState(connection?.enabled ?? true);
  const [projects, setProjects] = useState(() => mapText(connection?.project_map ?? {}));
  const [problems, setProblems] = useState<{ name?: string; key?: string; projects?: string }>({});
  const isNew = connection === undefined;
  const save = () => {
    const map = readMap(projects);
    const movesTo = url.trim() || null;
    const moves = !isNew && movesTo !== connection.base_url;
    const found = {
      ...(name.trim() ? {} : { name: 'Enter a name, such as Production.' }),
      ...(isNew && key.trim() === '' ? { key: 'Enter the admin key.' } : {}),
      ...(moves && key.trim() === '' ? { key: 'Another address needs the key again.' } : {}),
      ...(map ? {} : { projects: 'Write theirs = ours, with commas between.' }),
    };
    setProblems(found);
    if (Object.keys(found).length > 0) return Object.keys(found)[0];
    onSave({
      provider,
      name: name.trim(),
      enabled,
      project_map: map,
      ...(key.trim() ? { key: key.trim() } : {}),
      ...(moves || (isNew && movesTo) ? { base_url: movesTo } : {}),
    } as NewConnection & ConnectionChange);
    return undefined;
  };
  return (
    <Form
      label={isNew ? 'New connection' : `Connection ${connection.name}`}
      saveLabel={isNew ? 'Connect' : 'Save connection'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        {isNew && (
          <ChoiceField
            label="Provider"
            help="Whose usage and cost reports are asked for."
            choices={PROVIDER_LABEL}
            value={provider}
            onChange={setProvider}
          />
        )}
        <TextField
          name="name"
          label="Name"
          help="For you."
          placeholder="Production"
          value={name}
          problem={problems.name}
          onChange={setName}
        />
        <TextField
          name="key"
          label="Admin key"
          help={isNew ? KEY_HELP[provider] : 'Left empty the old one stays.'}
          kind="password"
          value={key}
          problem={problems.key}
          onChange={setKey}
        />
        <TextField
          name="base_url"
          label="Address"
          help="Only where the provider is asked elsewhere, as by a proxy. May stay empty."
          kind="url"
          value={url}
          onChange={setUrl}
        />
        <TextField
          name="projects"
          label="Projects"
          help="The provider’s project = yours, with commas; default is usage without one. Needed for figures of one project."
          placeholder="proj_abc = support-bot, default = other"
          value={projects}
          problem={problems.projects}
          onChange={setProjects}
        />
        <SwitchField
          label="Ask it"
          help="Switched off it stays, and your own events are shown."
          on={enabled}
          onChange={setEnabled}
        />
      </div>
    </Form>
  );
}
