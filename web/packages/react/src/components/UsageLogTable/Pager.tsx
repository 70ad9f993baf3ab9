'use client';

import { type LogState, PAGE_SIZES, pageCount, pageText } from '../../logic/log.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface PagerProps {
  state: LogState;
  total: number;
  onStateChange: (state: LogState) => void;
}

/** Steps through pages and says which rows are shown. */
export function Pager({ state, total, onStateChange }: PagerProps) {
  const { page, pageSize } = state;
  const last = pageCount(total, pageSize);
  const go = (to: number) => {
    const next = Math.max(1, Math.min(last, to));
    if (next !== page) onStateChange({ ...state, page: next });
  };
  return (
    <nav className="mw-pager" aria-label="Pages of the log">
      <label className="mw-pager-size">
        <span>Rows</span>
        <select
          className="mw-select"
          value={pageSize}
          onChange={(event) => onStateChange({ ...state, page: 1, pageSize: Number(event.target.value) })}
        >
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <p className="mw-pager-text" role="status">
        {pageText(page, pageSize, total)}
      </p>
      <button
        type="button"
        className="mw-button mw-button-icon"
        aria-label="Previous page"
        aria-disabled={page <= 1}
        onClick={() => go(page - 1)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="mw-button mw-button-icon"
        aria-label="Next page"
        aria-disabled={page >= last}
        onClick={() => go(page + 1)}
      >
        <Icon name="right" />
      </button>
    </nav>
  );
}
