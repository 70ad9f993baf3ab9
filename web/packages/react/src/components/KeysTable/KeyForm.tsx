'use client';

import type { NewKey } from '@meterwire/client';
import { useId, useState } from 'react';
import { useLimitUsers } from '../../hooks/useLimits.ts';
import { useProjects } from '../../hooks/useSettings.ts';
import {
  EXPIRY_LABEL,
  type KeyDraft,
  type KeyProblems,
  type KeyRole,
  NEW_KEY,
  readKey,
  ROLE_HELP,
  ROLE_LABEL,
} from '../../logic/settings/keys.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

const ROLES: { [Role in KeyRole]: string } = {
  ingest: ROLE_LABEL.ingest,
  owner: ROLE_LABEL.owner,
  viewer: ROLE_LABEL.viewer,
  member: ROLE_LABEL.member,
};

export interface KeyFormProps {
  busy: boolean;
  error: Error | null;
  onSave: (key: NewKey) => void;
  onCancel: () => void;
}

/** What a key is called, what it may do, and when it ends. */
export function KeyForm({ busy, error, onSave, onCancel }: KeyFormProps) {
  const [draft, setDraft] = useState<KeyDraft>(NEW_KEY);
  const [problems, setProblems] = useState<KeyProblems>({});
  const change = (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part });
  const save = () => {
    const read = readKey(draft, new Date());
    setProblems('problems' in read ? read.problems : {});
    if ('problems' in read) return Object.keys(read.problems)[0];
    onSave(read.key);
    return undefined;
  };
  return (
    <Form
      label="New key"
      saveLabel="Make the key"
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        <TextField
          name="name"
          label="Name"
          help="Tells where it is used, so that it can be found again."
          placeholder="Production"
          value={draft.name}
          problem={problems.name}
          onChange={(name) => change({ name })}
        />
        <ChoiceField
          label="Role"
          help={ROLE_HELP[draft.role]}
          choices={ROLES}
          value={draft.role}
          onChange={(role) => change({ role })}
        />
        <Belongs draft={draft} problem={problems.user} onChange={change} />
        <ChoiceField
          label="Ends"
          help="After that it is refused. It can be revoked at any time."
          choices={EXPIRY_LABEL}
          value={draft.expiry}
          onChange={(expiry) => change({ expiry })}
        />
        {draft.expiry === 'date' && (
          <TextField
            name="day"
            label="Last moment"
            help="It ends when this day begins, UTC."
            kind="date"
            value={draft.day}
            problem={problems.day}
            onChange={(day) => change({ day })}
          />
        )}
      </div>
    </Form>
  );
}

interface BelongsProps {
  draft: KeyDraft;
  problem: string | undefined;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** Whom it acts for, with what is known already as suggestions. */
function Belongs({ draft, problem, onChange }: BelongsProps) {
  const id = useId();
  const users = useLimitUsers();
  const projects = useProjects();
  const isMember = draft.role === 'member';
  return (
    <>
      <TextField
        name="user"
        label={isMember ? 'User' : 'User, where it is one'}
        help={
          isMember
            ? 'Whose usage it reads and records.'
            : 'Its events and decisions are this user’s. May stay empty.'
        }
        list={`${id}-users`}
        value={draft.user}
        problem={problem}
        onChange={(user) => onChange({ user })}
      />
      <TextField
        name="project"
        label="Project, where it is one"
        help="Its events belong to it unless they name another. May stay empty."
        list={`${id}-projects`}
        value={draft.project}
        onChange={(project) => onChange({ project })}
      />
      <datalist id={`${id}-users`}>
        {users.data?.pages.flatMap(({ items }) =>
          items.map((user) => <option key={user.id} value={user.id} />),
        )}
      </datalist>
      <datalist id={`${id}-projects`}>
        {projects.data?.pages.flatMap(({ items }) =>
          items.map(({ slug }) => <option key={slug} value={slug} />),
        )}
      </datalist>
    </>
  );
}
