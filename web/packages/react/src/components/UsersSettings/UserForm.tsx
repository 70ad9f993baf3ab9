'use client';

import type { LimitUser, NewUser } from '@meterwire/client';
import { useState } from 'react';
import { useTiers } from '../../hooks/useLimits.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

export interface UserFormProps {
  /** Who is changed; without one a new user is made. */
  user?: LimitUser;
  busy: boolean;
  error: Error | null;
  onSave: (user: NewUser) => void;
  onCancel: () => void;
}

/** A user as events name it, and as people call it. */
export function UserForm({ user, busy, error, onSave, onCancel }: UserFormProps) {
  const tiers = useTiers();
  const [id, setId] = useState('');
  const [name, setName] = useState(user?.username ?? '');
  const [tier, setTier] = useState(user?.tier ?? 'free');
  const [problem, setProblem] = useState<string>();
  const names = [...new Set([tier, ...(tiers.data?.items.map((one) => one.name) ?? [])])];
  const save = () => {
    const missing =
      !user && id.trim() === '' ? 'Enter the id that your events carry, such as u-42.' : undefined;
    setProblem(missing);
    if (missing) return 'id';
    onSave({ id: user?.id ?? id.trim(), tier, ...(name.trim() ? { username: name.trim() } : {}) });
    return undefined;
  };
  return (
    <Form
      label={user ? `User ${user.id}` : 'New user'}
      saveLabel={user ? 'Save user' : 'Add the user'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        {!user && (
          <TextField
            name="id"
            label="Id"
            help="As events and decisions name it. It cannot be changed later."
            placeholder="u-42"
            value={id}
            problem={problem}
            onChange={setId}
          />
        )}
        <TextField
          name="username"
          label="Name"
          help="For people. Left empty it is the id."
          value={name}
          onChange={setName}
        />
        <ChoiceField
          label="Tier"
          help="Which limits hold for it, from the next decision on."
          choices={Object.fromEntries(names.map((one) => [one, one]))}
          value={tier}
          onChange={setTier}
        />
      </div>
    </Form>
  );
}
