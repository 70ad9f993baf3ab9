'use client';

import type { LimitUser } from '@meterwire/client';
import { useLimitUsers } from '../../hooks/useLimits.ts';
import { Card } from '../Card/Card.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { FindUser } from './FindUser.tsx';
import { TierSelect } from './TierSelect.tsx';

export interface UsersTableProps {
  canChange: boolean;
  /** Who is shown in full above the list. */
  user: string | undefined;
  onUserChange: (user: string) => void;
}

/** The users of the tenant and their tiers. */
export function UsersTable({ canChange, user, onUserChange }: UsersTableProps) {
  const query = useLimitUsers();
  return (
    <Card
      title="Users"
      summary={
        canChange
          ? 'Another tier holds from the next decision on.'
          : 'Every user and its tier. An owner changes them.'
      }
      className="mw-card-stacked"
      actions={<FindUser user={user} onFind={onUserChange} />}
    >
      <Paged
        query={query}
        label="users"
        one="user"
        empty="No user yet. The first event or decision that names one makes it; it begins on the tier free."
      >
        {(users) => <Rows users={users} canChange={canChange} user={user} onUserChange={onUserChange} />}
      </Paged>
    </Card>
  );
}

interface RowsProps extends UsersTableProps {
  users: readonly LimitUser[];
}

function Rows({ users, canChange, user: chosen, onUserChange }: RowsProps) {
  return (
    <EditableTable
      label="Users"
      columns={['User', 'Tier']}
      actions
      items={users.map(({ id, username, tier }) => ({
        id,
        what: `the limits of ${id}`,
        className: id === chosen ? 'mw-row-open' : '',
        cells: (
          <>
            <th scope="row" className="mw-cell-id">
              {id}
              {username !== id && <span className="mw-cell-note">{username}</span>}
            </th>
            <td data-label="Tier">{canChange ? <TierSelect user={id} tier={tier} /> : tier}</td>
          </>
        ),
        buttons: () => (
          <button
            type="button"
            className="mw-button mw-button-small"
            aria-label={`Show the limits of ${id}`}
            aria-current={id === chosen}
            onClick={() => onUserChange(id)}
          >
            Limits
          </button>
        ),
      }))}
    />
  );
}
