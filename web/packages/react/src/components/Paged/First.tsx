'use client';

import { type ReactNode, useState } from 'react';
import { countOf, formatInteger } from '../../logic/number.ts';

export interface FirstProps<Item> {
  items: readonly Item[];
  /** What one of them is called, and several. */
  one: string;
  many?: string;
  /** How many are drawn at first, and more at a time; fewer where a row is large. */
  step?: number;
  children: (shown: readonly Item[]) => ReactNode;
}

/** A list that is here whole but may be too long to be drawn: its beginning, and a button for more of it. */
export function First<Item>({ items, one, many, step = 100, children }: FirstProps<Item>) {
  const [count, setCount] = useState(step);
  const left = items.length - count;
  return (
    <>
      {children(left > 0 ? items.slice(0, count) : items)}
      {left > 0 && (
        <div className="mw-more">
          <p className="mw-more-text" role="status">
            {formatInteger(count)} of {countOf(items.length, one, many)} shown
          </p>
          <button type="button" className="mw-button" onClick={() => setCount(count + step)}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}
