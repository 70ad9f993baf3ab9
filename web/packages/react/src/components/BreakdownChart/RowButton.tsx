'use client';

import type { ReactNode } from 'react';
import type { Roving } from '../../hooks/useRoving.ts';
import type { BreakdownRow } from '../../logic/breakdown.ts';
import type { Shown } from '../../logic/metric.ts';
import { countOf } from '../../logic/number.ts';

export interface RowButtonProps {
  row: BreakdownRow;
  chosen: boolean;
  className?: string;
  rovingProps: ReturnType<Roving['itemProps']>;
  onToggle: (row: BreakdownRow) => void;
  onHover?: (over: boolean) => void;
  before?: ReactNode;
  after?: ReactNode;
}

/** One row of a breakdown. It filters the page by itself; the rest of all others cannot. */
export function RowButton(props: RowButtonProps) {
  const { row, chosen, className = '', rovingProps, onToggle, onHover, before, after } = props;
  const canFilter = row.value !== null && row.filters !== false;
  return (
    <button
      type="button"
      className={`mw-row ${className}`}
      aria-pressed={canFilter ? chosen : undefined}
      aria-disabled={!canFilter}
      title={canFilter ? (chosen ? 'Remove this filter' : `Show only ${row.name}`) : undefined}
      {...rovingProps}
      onClick={() => canFilter && onToggle(row)}
      onPointerEnter={() => onHover?.(true)}
      onPointerLeave={() => onHover?.(false)}
    >
      {before}
      <span className="mw-row-name">{row.name}</span> <span className="mw-row-share">{row.shareText}</span>{' '}
      <span className="mw-row-tokens">
        {row.tokensText}
        <span className="mw-hidden"> tokens{row.callsText === null ? '' : `, ${row.callsText} calls`},</span>
      </span>{' '}
      {row.cost && (
        <span className="mw-row-cost">
          <RowCost cost={row.cost} costText={row.costText} />
        </span>
      )}
      {after}
    </button>
  );
}

/** The money of a row. A star leads to the note below; screen readers hear how many calls have no price. */
function RowCost({ cost, costText }: { cost: Shown; costText: string }) {
  if (cost.unpricedCalls === 0) return <span title={cost.exact}>{costText}</span>;
  const unpriced = `${countOf(cost.unpricedCalls, 'call')} without a price`;
  return (
    <span className="mw-unpriced-text" title={cost.unknown ? unpriced : `${cost.exact}, and ${unpriced}`}>
      {cost.unknown ? 'No price' : costText}
      {!cost.unknown && <span aria-hidden="true">*</span>}
      <span className="mw-hidden">, {unpriced}</span>
    </span>
  );
}
