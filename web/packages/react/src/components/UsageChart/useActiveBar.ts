'use client';

import { useLayoutEffect, useRef, useState } from 'react';

export interface ActiveBar {
  /** The bar under the pointer or with the focus of the keyboard. */
  active: number | null;
  onHover: (index: number | null) => void;
  onFocusChange: (index: number | null) => void;
  /** To be called where a key, not a click, has opened a bar. */
  keepFocus: () => void;
}

/**
 * Which bar is looked at. When other bars come (the series key changes), what was pointed at is gone, and a keyboard
 * that opened a bar is put onto the new ones instead of being thrown back to the top of the page.
 */
export function useActiveBar(seriesKey: string, focusCurrent: () => void): ActiveBar {
  const [hovered, setHovered] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const [shownKey, setShownKey] = useState(seriesKey);
  if (shownKey !== seriesKey) {
    setShownKey(seriesKey);
    setHovered(null);
    setFocused(null);
  }
  const wantsFocus = useRef(false);
  const latestFocusCurrent = useRef(focusCurrent);
  latestFocusCurrent.current = focusCurrent;
  // The key alone says that other bars have come.
  useLayoutEffect(() => {
    if (wantsFocus.current) latestFocusCurrent.current();
    wantsFocus.current = false;
  }, [seriesKey]);
  return {
    active: focused ?? hovered,
    onHover: setHovered,
    onFocusChange: setFocused,
    keepFocus: () => {
      wantsFocus.current = true;
    },
  };
}
