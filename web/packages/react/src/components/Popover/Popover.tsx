'use client';

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from '../Icon/Icon.tsx';

export interface PopoverProps {
  icon: IconName;
  /** What the button shows. */
  text: string;
  /** The accessible name of the button and of the panel. */
  label: string;
  active?: boolean;
  children: (close: () => void) => ReactNode;
}

/** A button with a panel below it. Escape, a click elsewhere or leaving by keyboard closes it. */
export function Popover({ icon, text, label, active = false, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();

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

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    // Only catches Escape from the controls inside.
    <div
      className="mw-popover"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button
        type="button"
        ref={button}
        className={`mw-pick ${active ? 'mw-pick-active' : ''}`}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
        <span className="mw-pick-text">{text}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        <div className="mw-popover-panel" id={panelId} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
