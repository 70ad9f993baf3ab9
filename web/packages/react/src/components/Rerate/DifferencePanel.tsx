'use client';

import type { RerateByModel, RerateDifference, RerateWish } from '@meterwire/client';
import { useEffect, useRef, useState } from 'react';
import { useBudgets } from '../../hooks/useMoney.ts';
import { isOtherDifference, useRerate, useRerateDifference } from '../../hooks/useRerate.ts';
import { formatUsd, formatUsdExact, formatUsdSigned, usdColumn } from '../../logic/money.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { differenceText, rerateScope } from '../../logic/settings/rerate.ts';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { type Column, EditableTable } from '../EditableTable/EditableTable.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { useNotice } from '../Notice/Notice.tsx';

export interface DifferencePanelProps {
  wish: RerateWish;
  difference: RerateDifference;
  tz: string;
  /** Something else would change by now. */
  onOther: (difference: RerateDifference) => void;
  onBack: () => void;
  onDone: () => void;
}

/** What would change, whole and by model, and the button that lets it happen. */
export function DifferencePanel({ wish, difference, tz, onOther, onBack, onDone }: DifferencePanelProps) {
  const place = useRef<HTMLElement>(null);
  const [asking, setAsking] = useState(false);
  const { begin, error, isOther } = useBegin(wish, difference, { onOther, onDone });
  const { changed } = difference;
  // What was asked for is read next.
  useEffect(() => place.current?.focus(), []);
  const stop = () => {
    begin.reset();
    setAsking(false);
  };
  useEffect(() => {
    if (isOther) setAsking(false);
  }, [isOther]);
  return (
    <section className="mw-inset mw-rerate" aria-label="What would change" ref={place} tabIndex={-1}>
      <h3 className="mw-inset-title">{rerateScope(difference, tz)}</h3>
      {isOther && (
        <p className="mw-problem" role="alert">
          Prices or events have changed since. This is the difference now.
        </p>
      )}
      <p className="mw-rerate-text">{differenceText(difference)}</p>
      {changed > 0 && <Sums difference={difference} />}
      <Consequences difference={difference} />
      {changed > 0 && <ByModel rows={difference.by_model} />}
      <div className="mw-editor-actions">
        {changed > 0 && (
          <button type="button" className="mw-button mw-button-strong" onClick={() => setAsking(true)}>
            Re-rate {countOf(changed, 'event')}…
          </button>
        )}
        <button type="button" className="mw-button" onClick={onBack}>
          Change the range
        </button>
        <button type="button" className="mw-button" onClick={onDone}>
          {changed > 0 ? 'Cancel' : 'Close'}
        </button>
      </div>
      <ConfirmDialog
        open={asking}
        title={`Re-rate ${countOf(changed, 'event')}?`}
        confirmLabel="Re-rate them"
        busyLabel="Beginning…"
        busy={begin.isPending}
        error={error}
        onClose={stop}
        onConfirm={() => begin.mutate({ ...wish, basis: difference.basis })}
      >
        <p>
          Totals change by {formatUsdSigned(difference.difference)}, and budgets and closed months move with
          them. Each event keeps what it cost before in its receipt, and the audit log names you.
        </p>
      </ConfirmDialog>
    </section>
  );
}

function Sums({ difference }: { difference: RerateDifference }) {
  const { events, changed, unpriced_before, unpriced_after, cost_before, cost_after } = difference;
  return (
    <dl className="mw-ministats">
      <MiniStat
        label="Events rated anew"
        value={formatInteger(changed)}
        note={`of ${formatInteger(events)}`}
      />
      <MiniStat
        label="Without a price"
        value={formatInteger(unpriced_after)}
        note={`${formatInteger(unpriced_before)} before`}
      />
      <MiniStat
        label="Cost before"
        value={<span title={formatUsdExact(cost_before)}>{formatUsd(cost_before)}</span>}
      />
      <MiniStat
        label="Cost after"
        value={<span title={formatUsdExact(cost_after)}>{formatUsd(cost_after)}</span>}
        note={formatUsdSigned(difference.difference)}
      />
    </dl>
  );
}

/** Begins it. Where something else would change by now, that is shown instead. */
function useBegin(
  wish: RerateWish,
  { basis }: RerateDifference,
  { onOther, onDone }: Pick<DifferencePanelProps, 'onOther' | 'onDone'>,
) {
  const say = useNotice();
  const [changedFrom, setChangedFrom] = useState<string | null>(null);
  const rerate = useRerate();
  const ask = useRerateDifference();
  const mutate = (input: RerateWish & { basis: string }) =>
    rerate.mutate(input, {
      onSuccess: () => {
        onDone();
        say('Rating usage anew. It goes on when you leave.');
      },
      onError: (error) => {
        if (!isOtherDifference(error)) return;
        ask.mutate(wish, {
          onSuccess: (now) => {
            setChangedFrom(now.basis);
            onOther(now);
          },
        });
      },
    });
  const isPending = rerate.isPending || ask.isPending;
  const own = isOtherDifference(rerate.error) ? ask.error : rerate.error;
  return {
    begin: { mutate, isPending, reset: rerate.reset },
    error: own,
    isOther: changedFrom !== null && changedFrom === basis,
  };
}

/** What moves beside the totals. */
function Consequences({ difference }: { difference: RerateDifference }) {
  const { closings, budgets, given, unpriced_after: unpriced } = difference;
  const known = useBudgets({ enabled: budgets.length > 0 });
  const all = known.data?.pages.flatMap(({ items }) => items) ?? [];
  const names = budgets.map((id) => all.find((budget) => budget.id === id)?.name ?? id);
  if (closings.length === 0 && budgets.length === 0 && given === 0 && unpriced === 0) return null;
  return (
    <ul className="mw-rerate-notes">
      {budgets.length > 0 && (
        <li>
          {countOf(budgets.length, 'budget')} would move: {names.join(', ')}.
        </li>
      )}
      {closings.length > 0 && (
        <li>
          {closings.length === 1 ? 'A closed month stays' : 'Closed months stay'} frozen; the difference
          becomes an adjustment: {closings.join(', ')}.
        </li>
      )}
      {given > 0 && (
        <li>
          {given === 1 ? '1 event carries' : `${countOf(given, 'event')} carry`} a cost that was sent, and
          {given === 1 ? ' stays as it is' : ' stay as they are'}.
        </li>
      )}
      {unpriced > 0 && (
        <li>{countOf(unpriced, 'event')} would still have no price: set one for the model first.</li>
      )}
    </ul>
  );
}

const COLUMNS: readonly Column[] = [
  'Model',
  { name: 'Rated anew', numeric: true },
  { name: 'Before', numeric: true },
  { name: 'After', numeric: true },
  { name: 'Difference', numeric: true },
];

const MOST_ROWS = 100;

function ByModel({ rows }: { rows: readonly RerateByModel[] }) {
  const shown = rows.slice(0, MOST_ROWS);
  const usd = usdColumn(shown.flatMap(({ cost_before, cost_after }) => [cost_before, cost_after]));
  return (
    <>
      <EditableTable
        label="Difference by model"
        columns={COLUMNS}
        actions={false}
        items={shown.map((row, at) => ({
          id: String(at),
          what: row.model ?? '',
          cells: (
            <>
              <th scope="row" className="mw-cell-id">
                <strong>{row.model ?? '(no model)'}</strong>
                <span className="mw-cell-note">{row.provider ?? '(no provider)'}</span>
              </th>
              <td className="mw-num" data-label="Rated anew">
                {formatInteger(row.changed)} of {formatInteger(row.events)}
              </td>
              <td className="mw-num" data-label="Before">
                <Cost text={usd(row.cost_before)} unpriced={row.unpriced_before} of={row.events} />
              </td>
              <td className="mw-num" data-label="After">
                <Cost text={usd(row.cost_after)} unpriced={row.unpriced_after} of={row.events} />
              </td>
              <td className="mw-num" data-label="Difference">
                {formatUsdSigned(row.difference)}
              </td>
            </>
          ),
        }))}
      />
      {rows.length > MOST_ROWS && (
        <p className="mw-table-foot mw-quiet">
          {countOf(rows.length - MOST_ROWS, 'more model')} change less.
        </p>
      )}
    </>
  );
}

/** A cost that is not known is never $0. */
function Cost({ text, unpriced, of }: { text: string; unpriced: number; of: number }) {
  if (unpriced === 0) return <>{text}</>;
  return (
    <span>
      {unpriced === of ? <span className="mw-badge">No price</span> : text}
      {unpriced < of && (
        <span className="mw-cell-note mw-unpriced-text">{formatInteger(unpriced)} without a price</span>
      )}
    </span>
  );
}
