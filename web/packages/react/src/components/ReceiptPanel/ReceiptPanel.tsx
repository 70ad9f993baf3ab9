'use client';

import type { UsageLogItem } from '@meterwire/client';
import { useEffect, useId, useRef } from 'react';
import { useIsSample } from '../../hooks/useSource.ts';
import { useReceipt } from '../../hooks/useUsageViews.ts';
import { Icon } from '../Icon/Icon.tsx';
import { SampleBadge } from '../SourceNotice/SampleBadge.tsx';
import { Asked } from '../States/Asked.tsx';
import { ReceiptBody } from './ReceiptBody.tsx';

export interface EventName {
  source: string;
  id: string;
}

export interface ReceiptPanelProps {
  /** The event that is opened, or none. */
  receipt: EventName | undefined;
  /** The rows of the page behind, to step through them. */
  items: readonly UsageLogItem[];
  tz: string;
  onOpen: (receipt: EventName) => void;
  onClose: () => void;
}

/** One event whole at the side of the log. Escape closes it, and the focus goes back to where it came from. */
export function ReceiptPanel({ receipt, items, tz, onOpen, onClose }: ReceiptPanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const isOpen = receipt !== undefined;
  const isSample = useIsSample();
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (isOpen && !element.open) element.showModal();
    else if (!isOpen && element.open) element.close();
  }, [isOpen]);
  const at = receipt
    ? items.findIndex(({ id, source }) => id === receipt.id && source === receipt.source)
    : -1;
  const step = (by: number) => {
    const next = items[at + by];
    if (at >= 0 && next) onOpen({ source: next.source, id: next.id });
  };
  return (
    <dialog
      className="mw-drawer"
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // A click on the dimmed page behind closes it too.
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
    >
      {receipt && (
        <div className="mw-drawer-body">
          <header className="mw-drawer-head">
            <div className="mw-drawer-words">
              <h2 className="mw-drawer-title" id={titleId}>
                Receipt
                {isSample && <SampleBadge />}
              </h2>
              <p className="mw-drawer-id">
                {receipt.source} / {receipt.id}
              </p>
            </div>
            <div className="mw-drawer-actions">
              <button
                type="button"
                className="mw-button mw-button-icon"
                aria-label="Event above"
                aria-disabled={at <= 0}
                onClick={() => step(-1)}
              >
                <Icon name="up" />
              </button>
              <button
                type="button"
                className="mw-button mw-button-icon"
                aria-label="Event below"
                aria-disabled={at < 0 || at >= items.length - 1}
                onClick={() => step(1)}
              >
                <Icon name="down" />
              </button>
              <button type="button" className="mw-button mw-button-icon" aria-label="Close" onClick={onClose}>
                <Icon name="close" />
              </button>
            </div>
          </header>
          <Whole key={`${receipt.source} ${receipt.id}`} receipt={receipt} tz={tz} />
        </div>
      )}
    </dialog>
  );
}

function Whole({ receipt, tz }: { receipt: EventName; tz: string }) {
  const query = useReceipt(receipt.source, receipt.id);
  return (
    <Asked query={query} label="receipt" skeleton="mw-skeleton-log">
      {(whole) => <ReceiptBody receipt={whole} tz={tz} />}
    </Asked>
  );
}
