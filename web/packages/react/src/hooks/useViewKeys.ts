'use client';

import { useEffect, useRef } from 'react';
import { todayInZone } from '../logic/dates.ts';
import { PERIOD_KEY, shiftRange } from '../logic/period.ts';
import { PERIODS } from '../logic/range.ts';
import { useView } from './useView.ts';

export interface ViewKeys {
  /** The zone in which days begin. */
  tz: string;
  /** Whether the page follows the shared range; the others keys work everywhere. */
  hasRange: boolean;
  onHelp: () => void;
}

/**
 * The keys of a whole page: arrows move the period, `d w m y` choose it, `/` goes to the search, `?` tells of the keys.
 * None while something is typed, none with a modifier, and none that something on the page has taken for itself.
 */
export function useViewKeys(options: ViewKeys): void {
  const { view, setRange } = useView();
  const latest = useRef({ ...options, view, setRange });
  latest.current = { ...options, view, setRange };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      // Shift is part of typing a question mark, but not of an arrow.
      if (event.shiftKey && event.key.startsWith('Arrow')) return;
      if (act(event.key, event.target, latest.current)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

type Now = ViewKeys & Pick<ReturnType<typeof useView>, 'view' | 'setRange'>;

function act(key: string, target: EventTarget | null, now: Now): boolean {
  if (key === '?') {
    now.onHelp();
    return true;
  }
  if (key === '/') return focusSearch();
  if (!now.hasRange) return false;
  const period = PERIODS.find((one) => PERIOD_KEY[one] === key);
  if (period) {
    now.setRange({ preset: period });
    return true;
  }
  const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : null;
  if (step === null || hasArrowsOfItsOwn(target)) return false;
  const at = new Date();
  const range = shiftRange(now.view.range, step, todayInZone(at, now.tz), at);
  if (range) now.setRange(range);
  return true;
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[data-mw-search]');
  field?.focus();
  return field !== null;
}

const NOT_TYPED = new Set(['radio', 'checkbox', 'button', 'submit', 'reset', 'range', 'color', 'file']);

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED.has(target.type);
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}

/** Radio buttons, charts, lists and regions that scroll mean something else by an arrow. */
const ARROWS =
  'input, select, [role="tablist"], [role="listbox"], [role="menu"], [role="group"] svg, svg, [data-roving], [role="region"][tabindex]';

function hasArrowsOfItsOwn(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(ARROWS) !== null;
}
