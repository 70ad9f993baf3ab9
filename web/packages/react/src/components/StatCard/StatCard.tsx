'use client';

import type { ReactNode } from 'react';
import type { Change } from '../../logic/change.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface StatCardProps {
  label: string;
  /** The value as it is shown. */
  value: string;
  /** Every digit of it, for pointers and screen readers, where the shown one is rounded. */
  exact?: string | undefined;
  change: Change;
  /** What the change is measured against, such as `9–15 Nov 2026`. */
  against: string;
  badWhenMore?: boolean;
  /** A remark that belongs to the value, such as calls without a price. */
  note?: ReactNode;
  /** With these the card is a button that chooses what the chart draws. */
  selected?: boolean;
  onSelect?: (() => void) | undefined;
  busy?: boolean;
}

/** One total and how it stands against the period before. */
export function StatCard(props: StatCardProps) {
  const { label, value, exact = value, selected = false, onSelect, note, busy = false } = props;
  const body = (
    <>
      <span className="mw-stat-label">{label}</span>
      <span className="mw-stat-value" title={exact === value ? undefined : exact}>
        <span aria-hidden={exact !== value}>{value}</span>
        {exact !== value && <span className="mw-hidden">{exact}</span>}
      </span>
      <ChangeLine {...props} />
      {note && <span className="mw-stat-note">{note}</span>}
    </>
  );
  const className = `mw-stat ${selected ? 'mw-stat-selected' : ''}`;
  if (!onSelect) {
    return (
      <div className={className} aria-busy={busy}>
        {body}
      </div>
    );
  }
  return (
    <button type="button" className={className} aria-pressed={selected} aria-busy={busy} onClick={onSelect}>
      {body}
    </button>
  );
}

function ChangeLine({ change, against, badWhenMore = false }: StatCardProps) {
  if (change.kind === 'no-previous') {
    return <span className="mw-stat-change mw-stat-against">No previous data</span>;
  }
  if (change.kind === 'same') {
    return (
      <span className="mw-stat-change">
        <span>No change</span> <span className="mw-stat-against">from {against}</span>
      </span>
    );
  }
  if (change.kind === 'from-zero') {
    return (
      <span className="mw-stat-change">
        <span className={`mw-stat-percent ${badWhenMore ? 'mw-bad' : ''}`}>
          <Icon name="up" />
          Up from 0
        </span>{' '}
        <span className="mw-stat-against">in {against}</span>
      </span>
    );
  }
  const judged = badWhenMore ? (change.direction === 'up' ? 'mw-bad' : 'mw-good') : '';
  return (
    <span className="mw-stat-change">
      <span className={`mw-stat-percent ${judged}`}>
        <Icon name={change.direction} />
        <span className="mw-hidden">{change.direction} </span>
        {change.text}
      </span>{' '}
      <span className="mw-stat-against">from {against}</span>
    </span>
  );
}
