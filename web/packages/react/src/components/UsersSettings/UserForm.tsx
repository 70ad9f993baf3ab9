'use client';

import type { LimitUser, NewUser } from '@meterwire/client';
import { useLimitsChange, useTiers } from '../../hooks/useLimits.ts';
import { readUnless } from '../../logic/form.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

export interface UserFormProps {
  /** Who is changed; without one a new user is made. */
  user?: LimitUser;
  onDone: () => void;
}

/** A user as events name it, and as people call it. */
export function UserForm({ user, onDone }: UserFormProps) {
  const tiers = useTiers();
  const save = useLimitsChange((client, { id, ...rest }: NewUser, options) =>
    user
      ? client.users.change(id, { ...rest, username: rest.username ?? id }, options)
      : client.users.create({ id, ...rest }, options),
  );
  return (
    <ResourceForm
      what="user"
      name={user?.id}
      begin={{ id: user?.id ?? '', username: user?.username ?? '', tier: user?.tier ?? 'free' }}
      read={({ id, username, tier }) =>
        readUnless(
          { id: id.trim() ? undefined : 'Enter the id that your events carry, such as u-42.' },
          () => ({ id: id.trim(), tier, ...(username.trim() ? { username: username.trim() } : {}) }),
        )
      }
      save={save}
      said={({ id }) => `${user ? 'Saved' : 'Added'} the user ${id}.`}
      onDone={onDone}
    >
      {({ draft, text, choice }) => {
        const names = [...new Set([draft.tier, ...(tiers.data?.items.map((one) => one.name) ?? [])])];
        return (
          <div className="mw-form-fields">
            {!user && (
              <TextField
                {...text('id')}
                label="Id"
                help="As events and decisions name it. It cannot be changed later."
                placeholder="u-42"
              />
            )}
            <TextField {...text('username')} label="Name" help="For people. Left empty it is the id." />
            <ChoiceField
              {...choice('tier')}
              label="Tier"
              help="Which limits hold for it, from the next decision on."
              choices={Object.fromEntries(names.map((one) => [one, one]))}
            />
          </div>
        );
      }}
    </ResourceForm>
  );
}
