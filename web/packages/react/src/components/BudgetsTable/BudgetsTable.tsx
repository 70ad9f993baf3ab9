'use client';

import type { Budget } from '@meterwire/client';
import { useBudgets } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import {
  endsText,
  heldPercentage,
  levelText,
  periodText,
  remainingText,
  scopeText,
  standingText,
  toneOfLevel,
} from '../../logic/budget/words.ts';
import { familyOf } from '../../logic/budget/family.ts';
import { percentText } from '../../logic/limits/words.ts';
import { formatUsd, formatUsdExact } from '../../logic/money.ts';
import { BudgetForm } from '../BudgetForm/BudgetForm.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';

export interface BudgetsTableProps {
  canChange: boolean;
  /** The tenant's zone. */
  zone: string;
  /** The one that is shown in full above. */
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

/** All budgets with where they stand now, parts below what they are parts of. */
export function BudgetsTable({ canChange, zone, chosen, onChoose }: BudgetsTableProps) {
  const query = useBudgets();
  return (
    <ResourceCard
      title="Budgets"
      summary={
        canChange
          ? 'How much may be spent, by whom, until when. The first one is for everything.'
          : 'How much may be spent, by whom, until when. An owner changes them.'
      }
      add={canChange && query.data && 'Add a budget'}
      form={(close) => <BudgetForm zone={zone} onDone={close} />}
    >
      <Paged query={query} label="budgets" one="budget" empty="There is no budget yet.">
        {(budgets) => <Rows budgets={budgets} chosen={chosen} onChoose={onChoose} />}
      </Paged>
    </ResourceCard>
  );
}

interface RowsProps {
  budgets: readonly Budget[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

function Rows({ budgets, chosen, onChoose }: RowsProps) {
  const now = useNow();
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label="Budgets, table" tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col">Period</th>
            <th scope="col" className="mw-num">
              Spent
            </th>
            <th scope="col">Used</th>
            <th scope="col" className="mw-num">
              Left
            </th>
            <th scope="col">Level</th>
          </tr>
        </thead>
        <tbody>
          {familyOf(budgets).map(({ budget, depth, parent }) => (
            <Row
              key={budget.id}
              budget={budget}
              depth={depth}
              parent={parent}
              now={now}
              open={budget.id === chosen}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  budget: Budget;
  depth: number;
  parent: string | undefined;
  now: Date;
  open: boolean;
  onChoose: (id: string) => void;
}

function Row({ budget, depth, parent, now, open, onChoose }: RowProps) {
  const { id, name, amount_usd, scope, hard, current } = budget;
  const { spent_usd, held_usd, remaining_usd, used_percentage, alert_level, is_over_budget } = current;
  const tone = toneOfLevel(alert_level, is_over_budget);
  return (
    <tr className={open ? 'mw-row-open' : ''}>
      <th scope="row" className={depth > 0 ? 'mw-child' : ''}>
        <button
          type="button"
          className="mw-link mw-link-plain"
          aria-current={open}
          onClick={() => onChoose(id)}
        >
          {name}
        </button>{' '}
        {hard && <span className="mw-badge mw-badge-plain">Hard</span>}
        <span className="mw-cell-note">
          {scopeText(scope)}
          {parent && <span className="mw-hidden">, part of {parent}</span>}
        </span>
      </th>
      <td data-label="Period">
        <span>
          {periodText(budget)}
          <span className="mw-cell-note">{endsText(current.to, now)}</span>
        </span>
      </td>
      <td className="mw-num" data-label="Spent">
        <span>
          <span title={formatUsdExact(spent_usd)}>{formatUsd(spent_usd)}</span>
          <span className="mw-cell-note" title={formatUsdExact(amount_usd)}>
            of {formatUsd(amount_usd)}
          </span>
        </span>
      </td>
      <td data-label="Used">
        <span className="mw-share">
          <ProgressBar
            percentage={used_percentage}
            heldPercentage={heldPercentage(held_usd, amount_usd)}
            label={`Budget ${name}`}
            valueText={standingText(amount_usd, current)}
            tone={tone}
          />
          <span className="mw-share-text">{percentText(used_percentage)}</span>
        </span>
      </td>
      <td className="mw-num" data-label="Left" title={formatUsdExact(remaining_usd)}>
        {remainingText(remaining_usd)}
      </td>
      <td data-label="Level">
        <span className={`mw-level mw-level-${tone}`}>
          <span className="mw-level-dot" aria-hidden="true" />
          {levelText(alert_level, is_over_budget)}
        </span>
      </td>
    </tr>
  );
}
