import type { CostExplanation } from '@meterwire/client';
import { modelName, signedExact, STATE_LABEL } from '../../logic/costChange.ts';
import { type Drill, narrowed } from '../../logic/drill.ts';
import { formatUsdExact } from '../../logic/money.ts';
import { LogLink } from '../LogLink/LogLink.tsx';

export interface ModelEffectsProps {
  answer: CostExplanation;
  /** The rows of both periods. */
  now: Drill;
  before: Drill;
}

/** Every model in both periods, and what of its difference is price, volume and mix. Every column adds up. */
export function ModelEffects({ answer, now, before }: ModelEffectsProps) {
  const { effects } = answer;
  return (
    // A scrolling region must be reachable by keyboard.
    <div
      className="mw-table-scroll mw-table-tall"
      role="region"
      aria-label="Why the cost changed, table"
      tabIndex={0}
    >
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {['Before', 'Price', 'Volume', 'Mix', 'Now'].map((label) => (
              <th scope="col" className="mw-num" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.models.map((row) => {
            const of = (drill: Drill) => (row.other ? null : narrowed(drill, 'model', [row.model ?? '']));
            return (
              <tr key={`${row.provider} ${row.model} ${row.other}`}>
                <th scope="row">
                  {modelName(row)}
                  {row.state && STATE_LABEL[row.state] && (
                    <span className="mw-cell-note"> {STATE_LABEL[row.state]}</span>
                  )}
                </th>
                <td className="mw-num">
                  <LogLink drill={of(before)}>{formatUsdExact(row.compared_cost_usd)}</LogLink>
                </td>
                <td className="mw-num">{signedExact(row.price_usd)}</td>
                <td className="mw-num">{signedExact(row.volume_usd)}</td>
                <td className="mw-num">{signedExact(row.mix_usd)}</td>
                <td className="mw-num">
                  <LogLink drill={of(now)}>{formatUsdExact(row.cost_usd)}</LogLink>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="mw-num">{formatUsdExact(answer.compared_cost_usd)}</td>
            <td className="mw-num">{signedExact(effects.price_usd)}</td>
            <td className="mw-num">{signedExact(effects.volume_usd)}</td>
            <td className="mw-num">{signedExact(effects.mix_usd)}</td>
            <td className="mw-num">{formatUsdExact(answer.cost_usd)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
