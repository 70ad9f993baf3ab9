'use client';

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useDimensionValues } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import {
  type FilterOption,
  filterOptions,
  SEARCHED,
  shownValueName,
  type ValuesOf,
  withValue,
} from '../../logic/filterSearch.ts';
import { formatInteger } from '../../logic/number.ts';
import { DIMENSION_LABEL, FilterBar } from '../FilterBar/FilterBar.tsx';
import { Icon } from '../Icon/Icon.tsx';

/** A field that finds models, projects, users and all else, and the filters that were chosen with it. */
export function FilterSearch() {
  return (
    <div className="mw-filters">
      <FilterField />
      <FilterBar />
    </div>
  );
}

/** By this the key `/` finds the field. */
export const SEARCH_MARK = 'data-mw-search';

function FilterField() {
  const { view, setFilters } = useView();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const listId = useId();
  const { values, loading } = useAllValues(open);
  const options = filterOptions(text, values, view.filters);
  const current = Math.min(active, options.length - 1);

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [open]);
  useEffect(() => {
    if (open) document.getElementById(`${listId}-${current}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [current, open, listId]);

  const pick = (option: FilterOption) => {
    setFilters(withValue(view.filters, option));
    setText('');
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === 'ArrowDown') {
      setOpen(true);
      setActive(open ? Math.min(current + 1, options.length - 1) : 0);
    } else if (key === 'ArrowUp') setActive(Math.max(current - 1, 0));
    else if (key === 'Enter') {
      const option = options[current];
      if (open && option) pick(option);
    } else if (key === 'Escape' && (open || text)) {
      setOpen(false);
      setText('');
    } else return;
    event.preventDefault();
  };

  return (
    <div className="mw-filter-field" ref={box}>
      <Icon name="search" />
      <input
        className="mw-input"
        type="text"
        role="combobox"
        aria-label="Filter by model, project, user and more"
        placeholder="Filter by model, project, user…"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && options.length > 0 ? `${listId}-${current}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        {...{ [SEARCH_MARK]: '' }}
        value={text}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      <kbd className="mw-key" aria-hidden="true">
        /
      </kbd>
      {open && (
        <div className="mw-filter-panel">
          <OptionList options={options} current={current} listId={listId} onPick={pick} />
          {options.length === 0 && (
            <p className="mw-zone-none" role="status">
              {loading
                ? 'Looking…'
                : 'Nothing in this range has that name. Write user:u-42 to take it as it is.'}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

interface OptionListProps {
  options: readonly FilterOption[];
  current: number;
  listId: string;
  onPick: (option: FilterOption) => void;
}

/** The field above has the focus and the keys, and names the active option. */
function OptionList({ options, current, listId, onPick }: OptionListProps) {
  return (
    <div
      className="mw-filter-list"
      id={listId}
      role="listbox"
      aria-label="Filters"
      aria-multiselectable="true"
      // It scrolls, which would make it a stop of the keyboard; the field above has the keys.
      tabIndex={-1}
    >
      {options.map((option, index) => {
        const { dimension, value, calls, chosen } = option;
        return (
          <div
            key={`${dimension} ${value} ${calls === null}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={chosen}
            className={`mw-filter-option ${index === current ? 'mw-zone-active' : ''}`}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(option)}
          >
            <span className="mw-filter-dimension">{DIMENSION_LABEL[dimension]}</span>{' '}
            <span className="mw-filter-value">{shownValueName(value)}</span>{' '}
            <span className="mw-filter-calls">
              {chosen ? <Icon name="check" /> : calls === null ? 'as written' : formatInteger(calls)}
              {!chosen && calls !== null && <span className="mw-hidden"> calls</span>}
            </span>
          </div>
        );
      })}
    </div>
  );
}

/** The values of every dimension, asked for when the field is first used. */
function useAllValues(enabled: boolean): { values: ValuesOf; loading: boolean } {
  const [once, setOnce] = useState(enabled);
  if (enabled && !once) setOnce(true);
  // As many hooks as there are dimensions, always in the same order.
  const queries = SEARCHED.map((dimension) => useDimensionValues(dimension, once));
  const values: ValuesOf = {};
  SEARCHED.forEach((dimension, at) => {
    values[dimension] = queries[at]?.data;
  });
  return { values, loading: queries.some(({ isFetching }) => isFetching) };
}
