import type { ListOf } from '@meterwire/client';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { countOf } from '../../logic/number.ts';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

export interface PagedProps<Item> {
  query: UseInfiniteQueryResult<InfiniteData<ListOf<Item>>>;
  /** What is being loaded, for a screen reader. */
  label: string;
  /** What one of them is called, and several. */
  one: string;
  many?: string;
  empty: ReactNode;
  /** Which of them the number counts, where not all are shown. */
  counts?: (item: Item) => boolean;
  /** Beside the number. */
  foot?: (items: Item[]) => ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list of any length: its beginning, how many are shown, and a button for more. */
export function Paged<Item>(props: PagedProps<Item>) {
  const { query, label, one, many, empty, counts = () => true, foot, children } = props;
  const { hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  return (
    <Asked keep query={query} label={label} skeleton="mw-skeleton-table">
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <EmptyRange>{empty}</EmptyRange>;
        return (
          <>
            {children(items)}
            <div className="mw-more">
              <p className="mw-more-text" role="status">
                {countOf(items.filter(counts).length, one, many)}
                {hasNextPage ? ' shown' : ''}
              </p>
              {foot?.(items)}
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
            </div>
          </>
        );
      }}
    </Asked>
  );
}
