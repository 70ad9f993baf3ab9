import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { adviceFor } from '../../logic/advice.ts';
import { ErrorState } from './ErrorState.tsx';
import { Skeleton } from './Skeleton.tsx';

export interface AskedProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isFetching' | 'refetch'>;
  /** What is being loaded, for a screen reader. */
  label: string;
  skeleton?: string;
  /**
   * For settings, which may be open for editing: what is there stays, with a line above that says it could not be
   * asked for again. Numbers that move are never shown beside an error.
   */
  keep?: boolean;
  children: (data: Data) => ReactNode;
}

/** What a question came to: an error that says what to do, a placeholder, or what was asked for. */
export function Asked<Data>({ query, label, skeleton = '', keep = false, children }: AskedProps<Data>) {
  const { data, error, isFetching, refetch } = query;
  const staleNote = error && keep && data !== undefined;
  if (error && !staleNote)
    return <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />;
  if (data === undefined) return <Skeleton label={label} className={skeleton} />;
  // One shape with and without the note: a form inside keeps what was entered.
  return (
    <>
      {staleNote ? (
        <p className="mw-problem mw-stale" role="alert">
          Not up to date: {adviceFor(error).message}
          <button type="button" className="mw-link" onClick={() => refetch()} aria-disabled={isFetching}>
            {isFetching ? 'Trying again…' : 'Retry'}
          </button>
        </p>
      ) : null}
      {children(data)}
    </>
  );
}
