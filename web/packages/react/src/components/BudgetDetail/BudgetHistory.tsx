'use client';

import type { Budget, PastBudget } from '@meterwire/client';
import { useState } from 'react';
import { useBudgetHistory } from '../../hooks/useMoney.ts';
import { periodName, periodTick } from '../../logic/budget/words.ts';
import { tickFormatter } from '../../logic/metric.ts';
import { decimalToNumber, formatUsd, formatUsdExact } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { type BarPoint, Bars } from '../Bars/Bars.tsx';
import { PointTable } from '../BudgetUsageChatEnhanced/PointTable.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { Asked } from '../States/Asked.tsx';

const PERIODS = 12;

/** How the last periods went, each against its amount. */
export function BudgetHistory({ budget }: { budget: Budget }) {
  const query = useBudgetHistory(budget.id, PERIODS);
  const [asTable, setAsTable] = useState(false);
  const title = `Past periods of ${budget.name}`;
  return (
    <div className="mw-section">
      <div className="mw-section-head mw-course-head">
        <h3 className="mw-section-title">Past periods</h3>
        {query.data && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
      </div>
      <Asked query={query} label="past periods" skeleton="mw-skeleton-history">
        {({ periods }) => {
          const points = pointsOf(periods, budget);
          const summary = describe(periods);
          return (
            <Figure label={`${title}. ${summary}`}>
              {asTable ? (
                <PointTable title={title} first="Period" points={points} marks="Budget" />
              ) : (
                <Bars
                  points={points}
                  unit="US dollars"
                  wholeNumbers={false}
                  tickText={(tick, step) => tickFormatter('cost', step)(tick)}
                />
              )}
              <figcaption className="mw-figure-foot">
                <span>{summary}</span>
                <span className="mw-legend-item">
                  <span className="mw-legend-mark" aria-hidden="true" />
                  Budget
                </span>
                <span className="mw-figure-zone">{budget.timezone}</span>
              </figcaption>
            </Figure>
          );
        }}
      </Asked>
    </div>
  );
}

/** Oldest first, as time runs. */
function pointsOf(periods: readonly PastBudget[], { period, timezone }: Budget): BarPoint[] {
  return [...periods].reverse().map(({ from, to, amount_usd, spent_usd, is_over_budget, is_current }) => {
    const name = periodName(period, from, to, timezone);
    return {
      key: from,
      name,
      tick: periodTick(name, from, timezone),
      value: decimalToNumber(spent_usd),
      text: formatUsdExact(spent_usd),
      partial: is_current,
      over: is_over_budget,
      mark: decimalToNumber(amount_usd),
      markText: `of ${formatUsd(amount_usd)}${is_over_budget ? ', over budget' : ''}`,
    };
  });
}

/** One sentence that says what a look at the chart would. */
function describe(items: readonly PastBudget[]): string {
  const over = items.filter(({ is_over_budget }) => is_over_budget).length;
  const all = countOf(items.length, 'period');
  if (over === 0) return `Within the budget in ${items.length === 1 ? 'this one' : 'each'} of ${all}.`;
  return `Over the budget in ${over} of ${all}.`;
}
