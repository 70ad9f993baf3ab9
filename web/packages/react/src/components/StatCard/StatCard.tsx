'use client';

import type { ReactNode } from 'react';
import type { Change } from '../../logic/change.ts';
import { Icon, type IconName } from '../Icon/Icon.tsx';
import { SampleBadge } from '../SourceNotice/SampleBadge.tsx';
import { ChangeLine, type Trend } from './ChangeLine.tsx';

export interface StatCardProps {
  title: string;
  /** A number is written with thousands separators, a text as it is. */
  value: number | string;
  /** Every digit of it, for pointers and screen readers, where the shown one is rounded. */
  exact?: string | undefined;
  /** Against the period before: a percentage, null where there was nothing before. */
  change?: number | null | Change | undefined;
  /** Whether the change is good news (`up`), bad news (`down`) or neither; an arrow shows where the number went. */
  trend?: Trend;
  /** One of our icons (`chart` draws bars), or anything of your own. */
  icon?: ReactNode;
  /** What the change is measured against, such as `9–15 Nov 2026`. */
  against?: string;
  badWhenMore?: boolean;
  /** A remark that belongs to the value, such as calls without a price. */
  note?: ReactNode;
  /** With these the card is a button that chooses what the chart draws. */
  selected?: boolean;
  onSelect?: (() => void) | undefined;
  busy?: boolean;
  /** The value is made up, and is marked so. */
  sample?: boolean;
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** One total and how it stands against the period before. */
export function StatCard(props: StatCardProps) {
  const { title, icon, change, trend, against = '', badWhenMore = false, note } = props;
  const { selected = false, onSelect, busy = false, sample = false } = props;
  const value = typeof props.value === 'number' ? NUMBER.format(props.value) : props.value;
  const exact = props.exact ?? value;
  const body = (
    <>
      <span className="mw-stat-label">
        {icon !== undefined && <StatIcon icon={icon} />}
        {title}
        {sample && <SampleBadge />}
      </span>
      <span className="mw-stat-value" title={exact === value ? undefined : exact}>
        <span aria-hidden={exact !== value}>{value}</span>
        {exact !== value && <span className="mw-hidden">{exact}</span>}
      </span>
      {change !== undefined && (
        <ChangeLine change={change} trend={trend} against={against} badWhenMore={badWhenMore} />
      )}
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

/** Beside the title, which says the same. */
function StatIcon({ icon }: { icon: ReactNode }) {
  const name = icon === 'chart' ? 'bars' : icon;
  return (
    <span className="mw-stat-icon" aria-hidden="true">
      {isIconName(name) ? <Icon name={name} /> : name}
    </span>
  );
}

const NAMES: readonly string[] = ['alert', 'bars', 'calendar', 'check', 'globe', 'key', 'refresh', 'table'];

function isIconName(icon: ReactNode): icon is IconName {
  return typeof icon === 'string' && NAMES.includes(icon);
}
