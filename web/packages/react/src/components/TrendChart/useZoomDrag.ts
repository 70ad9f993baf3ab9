'use client';

import { type PointerEvent, useRef, useState } from 'react';

export interface ZoomDrag {
  /** Bars between where it began and where the pointer is; null until it has moved far enough. */
  marked: { first: number; last: number } | null;
  handlers: {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
    onPointerCancel: () => void;
  };
}

/** A click shakes a little; only from here on it is a drag. */
const DRAG_PX = 6;

/** Dragging over bars marks them, letting go zooms into them; a press without a drag is a click on a bar. */
export function useZoomDrag(options: {
  barAt: (x: number) => number | null;
  onZoom: (first: number, last: number) => void;
  onClick: (bar: number, y: number) => void;
}): ZoomDrag {
  const begun = useRef<{ x: number; bar: number; dragging: boolean } | null>(null);
  const [marked, setMarked] = useState<ZoomDrag['marked']>(null);
  const at = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const end = () => {
    begun.current = null;
    setMarked(null);
  };
  return {
    marked,
    handlers: {
      onPointerDown: (event) => {
        const { x } = at(event);
        const bar = event.button === 0 ? options.barAt(x) : null;
        begun.current = bar === null ? null : { x, bar, dragging: false };
      },
      onPointerMove: (event) => {
        const from = begun.current;
        if (!from) return;
        const { x } = at(event);
        if (!from.dragging && Math.abs(x - from.x) < DRAG_PX) return;
        if (!from.dragging) event.currentTarget.setPointerCapture?.(event.pointerId);
        from.dragging = true;
        const bar = options.barAt(x);
        if (bar !== null) setMarked({ first: Math.min(from.bar, bar), last: Math.max(from.bar, bar) });
      },
      onPointerUp: (event) => {
        const from = begun.current;
        const { x, y } = at(event);
        const bar = options.barAt(x);
        end();
        if (!from || bar === null) return;
        if (from.dragging) options.onZoom(Math.min(from.bar, bar), Math.max(from.bar, bar));
        else options.onClick(from.bar, y);
      },
      onPointerCancel: end,
    },
  };
}
