import type { Budget } from '@meterwire/client';
import { type Plot, type ValueScale, yOf } from '../../logic/chart/scale.ts';
import { formatUsd } from '../../logic/money.ts';

interface BudgetLineProps {
  budget: Budget;
  scale: ValueScale;
  plot: Plot;
  isFarAbove: boolean;
}

/** What the period may cost; named above the plot where it is far above everything in it. */
export function BudgetLine({ budget, scale, plot, isFarAbove }: BudgetLineProps) {
  const y = isFarAbove ? plot.top : Math.round(yOf(Number(budget.amount_usd), scale, plot)) + 0.5;
  return (
    <g aria-hidden="true">
      {!isFarAbove && (
        <line className="mw-budget-line" x1={plot.left} x2={plot.left + plot.width} y1={y} y2={y} />
      )}
      <text className="mw-budget-text" x={plot.left + plot.width} y={y - 6} textAnchor="end">
        Budget {formatUsd(budget.amount_usd)}
        {isFarAbove && ', far above ↑'}
      </text>
    </g>
  );
}
