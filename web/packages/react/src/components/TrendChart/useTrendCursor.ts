'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

export interface TrendCursor {
  /** The bar that Tab reaches. */
  bar: number;
  /** The part of it that arrows have chosen; null is the whole bar. */
  part: number | null;
  /** Bars that are marked for zooming, first and last. */
  marked: { first: number; last: number } | null;
  /** Whether the focus is in the chart and came by keyboard. */
  focused: boolean;
  onFocus: (bar: number, byKeyboard: boolean) => void;
  onBlur: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export interface TrendCursorOptions {
  bars: number;
  parts: number;
  /** What the bars belong to; other bars begin anew. */
  seriesKey: string;
  start: number;
  focusBar: (bar: number) => void;
  onOpen: (bar: number, part: number | null) => void;
  onZoom: (first: number, last: number) => void;
}

/**
 * One tab stop for a whole chart: left and right move between bars, up and down between the parts of one, Shift marks
 * bars, Enter opens the bar or zooms into what is marked, Escape lets go.
 */
export function useTrendCursor(options: TrendCursorOptions): TrendCursor {
  const { bars, parts, seriesKey, start } = options;
  const [place, setPlace] = useState<{
    key: string;
    bar: number;
    part: number | null;
    anchor: number | null;
  }>({
    key: seriesKey,
    bar: start,
    part: null,
    anchor: null,
  });
  const [focused, setFocused] = useState(false);
  const now = place.key === seriesKey ? place : { key: seriesKey, bar: start, part: null, anchor: null };
  const bar = Math.max(0, Math.min(now.bar, bars - 1));
  const wantsFocus = useRef(false);
  const latest = useRef(options);
  latest.current = options;
  // Whoever zoomed in by keyboard goes on in the new bars.
  useEffect(() => {
    if (wantsFocus.current) latest.current.focusBar(Math.max(0, latest.current.start));
    wantsFocus.current = false;
  }, [seriesKey]);

  const move = (from: number, to: number, marking: boolean) => {
    const next = Math.max(0, Math.min(bars - 1, to));
    const anchor = marking ? (now.anchor ?? from) : null;
    setPlace({ key: seriesKey, bar: next, part: now.part, anchor });
    options.focusBar(next);
  };
  const marked =
    now.anchor === null ? null : { first: Math.min(now.anchor, bar), last: Math.max(now.anchor, bar) };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || bars === 0) return;
    const { key, shiftKey } = event;
    const at = focusedBar(event) ?? bar;
    if (key === 'ArrowLeft') move(at, at - 1, shiftKey);
    else if (key === 'ArrowRight') move(at, at + 1, shiftKey);
    else if (key === 'Home') move(at, 0, shiftKey);
    else if (key === 'End') move(at, bars - 1, shiftKey);
    else if (key === 'ArrowUp' || key === 'ArrowDown') {
      if (parts > 1)
        setPlace({ ...now, bar: at, part: nextPart(now.part, key === 'ArrowUp' ? 1 : -1, parts) });
    } else if (key === 'Escape' && (marked || now.part !== null)) {
      setPlace({ ...now, bar: at, part: null, anchor: null });
    } else if (key === 'Enter' || key === ' ') {
      if (marked) {
        wantsFocus.current = true;
        options.onZoom(marked.first, marked.last);
      } else options.onOpen(at, now.part);
    } else return;
    event.preventDefault();
  };

  return {
    bar,
    part: now.part,
    marked,
    focused,
    onFocus: (to, byKeyboard) => {
      setFocused(byKeyboard);
      // A key has told its place already, by which this focus came.
      setPlace((told) =>
        told.key === seriesKey ? { ...told, bar: to } : { key: seriesKey, bar: to, part: null, anchor: null },
      );
    },
    onBlur: () => setFocused(false),
    onKeyDown,
  };
}

/** The bar that has the focus: after a zoom the same element may stand in another place. */
function focusedBar(event: KeyboardEvent): number | null {
  const index = event.target instanceof Element ? event.target.getAttribute('data-bar') : null;
  return index === null ? null : Number(index);
}

/** From the whole bar up through its parts, and back to the whole. */
function nextPart(part: number | null, step: 1 | -1, parts: number): number | null {
  const next = (part ?? (step > 0 ? -1 : parts)) + step;
  return next < 0 || next >= parts ? null : next;
}
