'use client';

import type { LimitUser, NewUser } from '@meterwire/client';
import { useState } from 'react';
import { useLimitsChange, useLimitUsers } from '../../hooks/useLimits.ts';
import { Card } from '../Card/Card.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { TierSelect } from '../UsersTable/TierSelect.tsx';
import { EraseUser } from './EraseUser.tsx';
import { UserForm } from './UserForm.tsx';
import { EditableRow, EditableTable } from '../EditableTable/EditableTable.tsx';

/** The users of the tenant: their tiers and names, and the way to forget one. */
export function UsersSettings({ canChange }: { canChange: boolean }) {
  const query = useLimitUsers();
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Users"
      summary={
        canChange
          ? 'A user is made by the first event or decision that names it, or here.'
          : 'Whom events and decisions named. An owner changes tiers and names.'
      }
      actions={
        canChange && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a user
          </button>
        )
      }
    >
      {adding && <AddUser onDone={() => setAdding(false)} />}
      <Paged
        query={query}
        label="users"
        one="user"
        empty="No user yet. The first event or decision that names one makes it; it begins on the tier free."
      >
        {(users) => <Table users={users} canChange={canChange} />}
      </Paged>
    </Card>
  );
}

function AddUser({ onDone }: { onDone: () => void }) {
  const say = useNotice();
  const create = useLimitsChange((client, user: NewUser, options) => client.users.create(user, options));
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New user</h3>
      <UserForm
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(user) =>
          create.mutate(user, {
            onSuccess: ({ id }) => {
              onDone();
              say(`Added the user ${id}.`);
            },
          })
        }
      />
    </div>
  );
}

function Table({ users, canChange }: { users: readonly LimitUser[]; canChange: boolean }) {
  const [editing, setEditing] = useState<string | null>(null);
  const [erasing, setErasing] = useState<LimitUser | null>(null);
  return (
    <>
      <EditableTable label="Users" columns={['User', 'Tier', 'Since']} actions={canChange}>
        {users.map((user) => (
          <UserRows
            key={user.id}
            user={user}
            canChange={canChange}
            editing={editing === user.id}
            onEdit={(on) => setEditing(on ? user.id : null)}
            onErase={() => setErasing(user)}
          />
        ))}
      </EditableTable>
      <EraseUser user={erasing} onClose={() => setErasing(null)} />
    </>
  );
}

interface UserRowsProps {
  user: LimitUser;
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  onErase: () => void;
}

function UserRows({ user, canChange, editing, onEdit, onErase }: UserRowsProps) {
  const { id, username, tier, created_at } = user;
  return (
    <EditableRow
      cells={
        <>
          <th scope="row" className="mw-cell-id">
            <strong>{id}</strong>
            {username !== id && <span className="mw-cell-note">{username}</span>}
          </th>
          <td data-label="Tier">{canChange ? <TierSelect user={id} tier={tier} /> : tier}</td>
          <td data-label="Since">
            <time dateTime={created_at}>{created_at.slice(0, 10)}</time>
          </td>
        </>
      }
      columns={3}
      name={`the user ${id}`}
      canChange={canChange}
      editing={editing}
      onEdit={onEdit}
      editor={<EditUser user={user} onDone={() => onEdit(false)} />}
      onRemove={onErase}
      removeLabel="Erase"
    />
  );
}

function EditUser({ user, onDone }: { user: LimitUser; onDone: () => void }) {
  const say = useNotice();
  const save = useLimitsChange((client, { id, ...change }: NewUser, options) =>
    client.users.change(id, { ...change, username: change.username ?? id }, options),
  );
  return (
    <UserForm
      user={user}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(wanted) =>
        save.mutate(wanted, {
          onSuccess: ({ id }) => {
            onDone();
            say(`Saved the user ${id}.`);
          },
        })
      }
    />
  );
}
