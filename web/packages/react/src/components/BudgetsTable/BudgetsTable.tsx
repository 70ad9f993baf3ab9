'use client';

import type { Budget, NewBudget } from '@meterwire/client';
import { useState } from 'react';
import { useBudgets, useMoneyChange } from '../../hooks/useMoney.ts';
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
import { countOf } from '../../logic/number.ts';
import { BudgetForm } from '../BudgetForm/BudgetForm.tsx';
import { Card } from '../Card/Card.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

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
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useBudgets();
  const [adding, setAdding] = useState(false);
  const budgets = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card
      title="Budgets"
      summary={
        canChange
          ? 'How much may be spent, by whom, until when. The first one is for everything.'
          : 'How much may be spent, by whom, until when. An owner changes them.'
      }
      actions={
        canChange &&
        data && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a budget
          </button>
        )
      }
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton label="budgets" className="mw-skeleton-table" />
      ) : (
        <>
          {adding && <AddBudget zone={zone} onDone={() => setAdding(false)} />}
          {error && <p className="mw-problem mw-stale">Not up to date: {error.message}</p>}
          {budgets.length === 0 ? (
            <EmptyRange>There is no budget yet.</EmptyRange>
          ) : (
            <Rows budgets={budgets} chosen={chosen} onChoose={onChoose} />
          )}
          {hasNextPage && (
            <div className="mw-more">
              <p className="mw-more-text" role="status">
                {countOf(budgets.length, 'budget')} shown
              </p>
              <button
                type="button"
                className="mw-button"
                aria-disabled={isFetchingNextPage}
                onClick={() => !isFetchingNextPage && fetchNextPage()}
              >
                {isFetchingNextPage ? 'Loading…' : 'Show more'}
              </button>
            </div>
          )}
        </>
      )}
    </Card>
  );
}

function AddBudget({ zone, onDone }: { zone: string; onDone: () => void }) {
  const say = useNotice();
  const create = useMoneyChange((client, budget: NewBudget, options) =>
    client.budgets.create(budget, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New budget</h3>
      <BudgetForm
        zone={zone}
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(budget) =>
          create.mutate(budget as NewBudget, {
            onSuccess: ({ name, current }) => {
              onDone();
              say(`Added the budget ${name}. ${formatUsd(current.spent_usd)} of it is spent already.`);
            },
          })
        }
      />
    </div>
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
