'use client';

import type { LimitUser } from '@meterwire/client';
import { useState } from 'react';
import { useLimitUsers } from '../../hooks/useLimits.ts';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { TierSelect } from '../UsersTable/TierSelect.tsx';
import { EraseUser } from './EraseUser.tsx';
import { UserForm } from './UserForm.tsx';

/** The users of the tenant: their tiers and names, and the way to forget one. */
export function UsersSettings({ canChange }: { canChange: boolean }) {
  const query = useLimitUsers();
  return (
    <ResourceCard
      title="Users"
      summary={
        canChange
          ? 'A user is made by the first event or decision that names it, or here.'
          : 'Whom events and decisions named. An owner changes tiers and names.'
      }
      add={canChange && 'Add a user'}
      form={(close) => <UserForm onDone={close} />}
    >
      <Paged
        query={query}
        label="users"
        one="user"
        empty="No user yet. The first event or decision that names one makes it; it begins on the tier free."
      >
        {(users) => <Table users={users} canChange={canChange} />}
      </Paged>
    </ResourceCard>
  );
}

function Table({ users, canChange }: { users: readonly LimitUser[]; canChange: boolean }) {
  const [erasing, setErasing] = useState<LimitUser | null>(null);
  return (
    <>
      <EditableTable
        label="Users"
        columns={['User', 'Tier', 'Since']}
        actions={canChange}
        items={users.map((user) => ({
          id: user.id,
          what: `the user ${user.id}`,
          cells: <Cells user={user} canChange={canChange} />,
          panels: [{ text: 'Edit', content: (close) => <UserForm user={user} onDone={close} /> }],
          removal: { text: 'Erase', run: () => setErasing(user) },
        }))}
      />
      <EraseUser user={erasing} onClose={() => setErasing(null)} />
    </>
  );
}

function Cells({ user, canChange }: { user: LimitUser; canChange: boolean }) {
  const { id, username, tier, created_at } = user;
  return (
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
  );
}
