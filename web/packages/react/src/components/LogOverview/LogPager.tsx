'use client';

import type { UsageLogPage } from '@meterwire/client';
import { useEffect, useRef } from 'react';
import { type EventsState, fromTheTop, NUMBERED_ROWS } from '../../logic/events.ts';
import { PAGE_SIZES, pageText } from '../../logic/log.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface LogPagerProps {
  page: UsageLogPage;
  state: EventsState;
  onStateChange: (state: EventsState) => void;
}

/**
 * Steps through a log of any length. Forward it follows the cursor of the page that is shown; back it takes the cursor
 * it came by, or the number of the page where it does not know it, as after opening a copied address.
 */
export function LogPager({ page, state, onStateChange }: LogPagerProps) {
  const cursors = useKnownCursors(state);
  const isFirst = state.page <= 1;
  const known = cursors.get(state.page - 1);
  const reachable =
    state.page - 1 === 1 || known !== undefined || (state.page - 1) * state.pageSize <= NUMBERED_ROWS;
  const goBack = () => {
    if (isFirst) return;
    const to = fromTheTop(state);
    if (state.page === 2 || !reachable) onStateChange(to);
    else onStateChange({ ...to, page: state.page - 1, ...(known ? { cursor: known } : {}) });
  };
  const goOn = () => {
    if (page.nextCursor) onStateChange({ ...state, page: state.page + 1, cursor: page.nextCursor });
  };
  return (
    <nav className="mw-pager" aria-label="Pages of the log">
      <label className="mw-pager-size">
        <span>Rows</span>
        <select
          className="mw-select"
          value={state.pageSize}
          onChange={(event) => onStateChange({ ...fromTheTop(state), pageSize: Number(event.target.value) })}
        >
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <p className="mw-pager-text" role="status">
        {pageText(state.page, state.pageSize, page.total)}
      </p>
      {state.page > 2 && (
        <button type="button" className="mw-button" onClick={() => onStateChange(fromTheTop(state))}>
          First page
        </button>
      )}
      <button
        type="button"
        className="mw-button mw-button-icon"
        aria-label={reachable || isFirst ? 'Previous page' : 'First page'}
        aria-disabled={isFirst}
        onClick={goBack}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="mw-button mw-button-icon"
        aria-label="Next page"
        aria-disabled={!page.nextCursor}
        onClick={goOn}
      >
        <Icon name="right" />
      </button>
    </nav>
  );
}

/** The cursors of the pages that were seen on the way here, by their number. Another order forgets them. */
function useKnownCursors({ sort, pageSize, page, cursor }: EventsState): ReadonlyMap<number, string> {
  const seen = useRef({ order: '', cursors: new Map<number, string>() });
  const order = `${sort} ${pageSize}`;
  if (seen.current.order !== order || page === 1) seen.current = { order, cursors: new Map() };
  useEffect(() => {
    if (cursor) seen.current.cursors.set(page, cursor);
  }, [page, cursor]);
  return seen.current.cursors;
}
