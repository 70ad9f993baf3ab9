'use client';

import { type LogColumn, nextSort, sortDirection } from '../../logic/log.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface SortHeaderProps {
  column: LogColumn;
  sort: string;
  onSort: (sort: string) => void;
}

/** A head that asks the server to sort, and says in which direction it does. */
export function SortHeader({ column, sort, onSort }: SortHeaderProps) {
  const direction = sortDirection(sort, column.field);
  return (
    <th scope="col" aria-sort={direction} className={column.numeric ? 'mw-num' : ''}>
      <button
        type="button"
        className={`mw-sort ${direction === 'none' ? '' : 'mw-sort-active'}`}
        onClick={() => onSort(nextSort(sort, column))}
      >
        <span>{column.label}</span>
        <Icon name={direction === 'ascending' ? 'up' : 'down'} />
      </button>
    </th>
  );
}
