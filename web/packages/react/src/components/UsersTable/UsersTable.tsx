'use client';

import type { LimitUser } from '@meterwire/client';
import { useLimitUsers } from '../../hooks/useLimits.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
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
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useLimitUsers();
  const users = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card
      title="Users"
      summary={
        canChange
          ? 'Another tier holds from the next decision on.'
          : 'Every user and its tier. An owner changes them.'
      }
      className="mw-card-users"
      actions={<FindUser user={user} onFind={onUserChange} />}
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton label="users" className="mw-skeleton-table" />
      ) : users.length === 0 ? (
        <EmptyRange>
          No user yet. The first event or decision that names one makes it; it begins on the tier free.
        </EmptyRange>
      ) : (
        <>
          <Rows users={users} canChange={canChange} user={user} onUserChange={onUserChange} />
          <div className="mw-more">
            <p className="mw-more-text" role="status">
              {countOf(users.length, 'user')}
              {hasNextPage ? ' shown' : ''}
            </p>
            {hasNextPage && (
              <button
                type="button"
                className="mw-button"
                aria-disabled={isFetchingNextPage}
                onClick={() => !isFetchingNextPage && fetchNextPage()}
              >
                {isFetchingNextPage ? 'Loading…' : 'Show more'}
              </button>
            )}
            {error && <p className="mw-problem">{error.message}</p>}
          </div>
        </>
      )}
    </Card>
  );
}

interface RowsProps extends UsersTableProps {
  users: readonly LimitUser[];
}

function Rows({ users, canChange, user: chosen, onUserChange }: RowsProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label="Users, table" tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">Tier</th>
            <th scope="col">
              <span className="mw-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, username, tier }) => (
            <tr key={id} className={id === chosen ? 'mw-row-open' : ''}>
              <th scope="row" className="mw-cell-id">
                {id}
                {username !== id && <span className="mw-cell-note">{username}</span>}
              </th>
              <td data-label="Tier">{canChange ? <TierSelect user={id} tier={tier} /> : tier}</td>
              <td className="mw-row-actions">
                <button
                  type="button"
                  className="mw-button mw-button-small"
                  aria-label={`Show the limits of ${id}`}
                  aria-current={id === chosen}
                  onClick={() => onUserChange(id)}
                >
                  Limits
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
