'use client';

import type { IssuedKey, NewKey } from '@meterwire/client';
import { useLimitUsers } from '../../hooks/useLimits.ts';
import { useProjects, useSettingsChange } from '../../hooks/useSettings.ts';
import {
  EXPIRY_LABEL,
  type KeyDraft,
  type KeyRole,
  NEW_KEY,
  readKey,
  ROLE_HELP,
  ROLE_LABEL,
} from '../../logic/settings/keys.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { type Fields, ResourceForm } from '../Form/ResourceForm.tsx';

const ROLES: { [Role in KeyRole]: string } = {
  ingest: ROLE_LABEL.ingest,
  owner: ROLE_LABEL.owner,
  viewer: ROLE_LABEL.viewer,
  member: ROLE_LABEL.member,
};

export interface KeyFormProps {
  onDone: () => void;
  onIssued: (issued: IssuedKey) => void;
}

/** What a key is called, what it may do, and when it ends. */
export function KeyForm({ onDone, onIssued }: KeyFormProps) {
  const create = useSettingsChange((client, key: NewKey, options) => client.keys.create(key, options));
  return (
    <ResourceForm
      what="key"
      saveLabel="Make the key"
      begin={NEW_KEY}
      read={(draft) => readKey(draft, new Date())}
      names={{ expires_at: 'day' }}
      save={create}
      said={({ name }) => `Made the key ${name}. Copy its token now.`}
      onDone={onDone}
      onSaved={onIssued}
    >
      {(fields) => (
        <div className="mw-form-fields">
          <TextField
            {...fields.text('name')}
            label="Name"
            help="Tells where it is used, so that it can be found again."
            placeholder="Production"
          />
          <ChoiceField
            {...fields.choice('role')}
            label="Role"
            help={ROLE_HELP[fields.draft.role]}
            choices={ROLES}
          />
          <Belongs {...fields} />
          <ChoiceField
            {...fields.choice('expiry')}
            label="Ends"
            help="After that it is refused. It can be revoked at any time."
            choices={EXPIRY_LABEL}
          />
          {fields.draft.expiry === 'date' && (
            <TextField
              {...fields.text('day')}
              label="Last moment"
              help="It ends when this day begins, UTC."
              kind="date"
            />
          )}
        </div>
      )}
    </ResourceForm>
  );
}

/** Whom it acts for, with what is known already as suggestions. */
function Belongs({ draft, text }: Fields<KeyDraft>) {
  const users = useLimitUsers();
  const projects = useProjects();
  const isMember = draft.role === 'member';
  return (
    <>
      <TextField
        {...text('user')}
        label={isMember ? 'User' : 'User, where it is one'}
        help={
          isMember
            ? 'Whose usage it reads and records.'
            : 'Its events and decisions are this user’s. May stay empty.'
        }
        suggestions={users.data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? []}
      />
      <TextField
        {...text('project')}
        label="Project, where it is one"
        help="Its events belong to it unless they name another. May stay empty."
        suggestions={projects.data?.pages.flatMap(({ items }) => items.map(({ slug }) => slug)) ?? []}
      />
    </>
  );
}
