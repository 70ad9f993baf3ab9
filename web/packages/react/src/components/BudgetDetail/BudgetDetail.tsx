'use client';

import type { Budget, BudgetScope } from '@meterwire/client';
import { useEffect, useRef, useState } from 'react';
import { useBudget, useMoneyChange } from '../../hooks/useMoney.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import {
  endsText,
  heldPercentage,
  levelText,
  periodText,
  remainingText,
  scopeText,
  standingText,
  thresholdsText,
  toneOfLevel,
} from '../../logic/budget/words.ts';
import { percentText } from '../../logic/limits/words.ts';
import { formatUsd, formatUsdExact } from '../../logic/money.ts';
import { BudgetForm } from '../BudgetForm/BudgetForm.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';
import { BudgetHistory } from './BudgetHistory.tsx';
import { SplitForm } from './SplitForm.tsx';

export interface BudgetDetailProps {
  id: string;
  canChange: boolean;
  zone: string;
  /** Opened just now, from elsewhere on the page: then the keyboard is brought here. */
  takesFocus?: boolean;
  onClose: () => void;
  /** Leads to the usage behind the spent amount: the days of the period (`to` not included) and the scope. */
  onShowUsage?: ((usage: { from: string; to: string; zone: string; scope: BudgetScope }) => void) | undefined;
}

/** Everything about one budget: where it stands, how past periods went, and the ways to change it. */
export function BudgetDetail(props: BudgetDetailProps) {
  const { id, takesFocus = false, onClose } = props;
  const query = useBudget(id);
  useReturnFocus();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) title.current?.focus();
  }, [takesFocus]);
  const name = query.data?.name ?? 'Budget';
  return (
    <section className="mw-card" aria-label={`Budget ${name}`}>
      <header className="mw-card-head">
        <div className="mw-card-words">
          <h2 className="mw-card-title mw-cell-id" ref={title} tabIndex={-1}>
            {name}
          </h2>
          {query.data && (
            <p className="mw-card-summary">
              {scopeText(query.data.scope)} · {periodText(query.data)} · {query.data.timezone}
            </p>
          )}
        </div>
        <div className="mw-card-actions">
          <button type="button" className="mw-button mw-button-quiet" onClick={onClose}>
            Close
          </button>
        </div>
      </header>
      <Asked keep query={query} label="budget" skeleton="mw-skeleton-table">
        {(budget) => <Body {...props} budget={budget} />}
      </Asked>
    </section>
  );
}

function Body({ budget, canChange, zone, onClose, onShowUsage }: BudgetDetailProps & { budget: Budget }) {
  const { opened, open, close, around } = useOpened<'edit' | 'split'>();
  const [deleting, setDeleting] = useState(false);
  const remove = useMoneyChange((client, id: string, options) => client.budgets.remove(id, options));
  const { current, timezone, scope } = budget;
  return (
    <>
      <Standing budget={budget} />
      <div className="mw-editor-actions mw-detail-actions">
        {onShowUsage && (
          <button
            type="button"
            className="mw-button"
            onClick={() => onShowUsage({ from: current.from, to: current.to, zone: timezone, scope })}
          >
            Show its usage
          </button>
        )}
        {canChange && (
          <>
            <ToggleButton text="Edit" open={opened === 'edit'} onToggle={(on) => open(on ? 'edit' : null)} />
            <ToggleButton
              text="Split"
              open={opened === 'split'}
              onToggle={(on) => open(on ? 'split' : null)}
            />
            {!budget.is_default && (
              <button
                type="button"
                className="mw-button"
                aria-haspopup="dialog"
                onClick={() => setDeleting(true)}
              >
                Delete…
              </button>
            )}
          </>
        )}
      </div>
      {opened &&
        around(
          <div className="mw-inset">
            {opened === 'edit' ? (
              <BudgetForm budget={budget} zone={zone} onDone={close} />
            ) : (
              <SplitForm budget={budget} onDone={close} />
            )}
          </div>,
        )}
      <BudgetHistory budget={budget} />
      <DeleteDialog
        item={deleting ? budget : null}
        what="budget"
        remove={remove}
        onClose={() => setDeleting(false)}
        onDone={onClose}
      >
        <p>
          Nothing is counted against it any more{budget.hard ? ', and it refuses nothing' : ''}. Recorded
          usage and its cost stay as they are. The audit log names you.
        </p>
      </DeleteDialog>
    </>
  );
}

function Standing({ budget }: { budget: Budget }) {
  const now = useNow();
  const { amount_usd, current, thresholds, hard, allow_unpriced } = budget;
  const { spent_usd, held_usd, remaining_usd, used_percentage, alert_level, is_over_budget } = current;
  const tone = toneOfLevel(alert_level, is_over_budget);
  return (
    <div className="mw-spend">
      <div className="mw-spend-head">
        <div className={`mw-spend-main mw-level-${tone}`}>
          <p className="mw-spend-value" title={formatUsdExact(spent_usd)}>
            <strong>{formatUsd(spent_usd)}</strong>{' '}
            <span className="mw-quota-of">of {formatUsd(amount_usd)} spent</span>
          </p>
          <p className="mw-level">
            <span className="mw-level-dot" aria-hidden="true" />
            {levelText(alert_level, is_over_budget)} · {percentText(used_percentage)} used
          </p>
        </div>
      </div>
      <ProgressBar
        percentage={used_percentage}
        heldPercentage={heldPercentage(held_usd, amount_usd)}
        label={`Budget ${budget.name}`}
        valueText={standingText(amount_usd, current)}
        tone={tone}
      />
      <dl className="mw-ministats">
        <MiniStat
          label="Left"
          value={<span title={formatUsdExact(remaining_usd)}>{remainingText(remaining_usd)}</span>}
          note={endsText(current.to, now)}
        />
        <MiniStat
          label="Held"
          value={<span title={formatUsdExact(held_usd)}>{formatUsd(held_usd)}</span>}
          note="by reservations"
        />
        <MiniStat
          label="When it is used up"
          value={hard ? 'Refuses' : 'Only tells'}
          note={
            hard
              ? allow_unpriced
                ? 'models without a price are let through'
                : 'and refuses models without a price'
              : 'nothing is refused'
          }
        />
        <MiniStat label="Tells at" value={thresholdsText(thresholds)} note="once a period each" />
      </dl>
    </div>
  );
}
