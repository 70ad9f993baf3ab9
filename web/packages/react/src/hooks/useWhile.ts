'use client';

import { useEffect, useRef } from 'react';

/** Does something again and again while something else goes on, such as asking how far it is. */
export function useWhile(busy: boolean, everyMs: number, again: () => unknown): void {
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => {
      if (!document.hidden) void latest.current();
    }, everyMs);
    return () => clearInterval(timer);
  }, [busy, everyMs]);
}
