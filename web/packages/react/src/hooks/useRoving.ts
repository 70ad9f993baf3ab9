'use client';

import { type KeyboardEvent, useRef, useState } from 'react';

export interface Roving {
  /** The one item that the Tab key reaches. */
  current: number;
  itemProps(index: number): {
    tabIndex: 0 | -1;
    'data-roving': number;
    onFocus: () => void;
  };
  /** Moves the focus to the item that Tab would reach. */
  focusCurrent(): void;
  containerProps: {
    ref: (element: Element | null) => void;
    onKeyDown: (event: KeyboardEvent) => void;
  };
}

const STEPS: Record<string, (index: number, last: number) => number> = {
  ArrowRight: (index, last) => Math.min(last, index + 1),
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** One tab stop for many items: arrows, Home and End move the focus between them. Until one is chosen it is `start`. */
export function useRoving(count: number, start = 0): Roving {
  const container = useRef<Element | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const current = Math.max(0, Math.min(chosen ?? start, count - 1));
  const focusItem = (index: number) => {
    const item = container.current?.querySelector(`[data-roving="${index}"]`);
    if (item instanceof HTMLElement || item instanceof SVGElement) item.focus();
  };
  return {
    current,
    itemProps: (index) => ({
      tabIndex: index === current ? 0 : -1,
      'data-roving': index,
      onFocus: () => setChosen(index),
    }),
    focusCurrent: () => focusItem(current),
    containerProps: {
      ref: (element) => {
        container.current = element;
      },
      onKeyDown: (event) => {
        const step = STEPS[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const next = step(current, count - 1);
        setChosen(next);
        focusItem(next);
      },
    },
  };
}
