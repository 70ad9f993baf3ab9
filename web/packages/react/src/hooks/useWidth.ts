'use client';

import { useLayoutEffect, useRef, useState } from 'react';

/** Width and height that an element has now, in pixels, followed as they change. */
export function useSize<Kind extends Element>(width: number, height: number) {
  const ref = useRef<Kind>(null);
  const [size, setSize] = useState({ width, height });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const measure = () => {
      const box = element.getBoundingClientRect();
      const next = { width: Math.round(box.width), height: Math.round(box.height) };
      if (next.width > 0 && next.height > 0) {
        setSize((now) => (now.width === next.width && now.height === next.height ? now : next));
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // What a ref is called differs between the versions of React.
  return [ref, size] as const;
}

/** The same where only the width matters. */
export function useWidth<Kind extends Element>(fallback: number) {
  const [ref, { width }] = useSize<Kind>(fallback, 1);
  return [ref, width] as const;
}
