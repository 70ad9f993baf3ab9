import type { Dimension, UsageAnswer } from '@meterwire/client';
import { exactColumn } from '../../logic/metric.ts';
import { formatInteger } from '../../logic/number.ts';
import type { RankedRow } from '../../logic/ranking.ts';
import { DIMENSION_LABEL } from '../FilterBar/FilterBar.tsx';
import { ValueLink } from './RankedBars.tsx';

export interface RankedTableProps {
  answer: UsageAnswer;
  rows: readonly RankedRow[];
  dimension: Dimension;
  title: string;
}

/** Every row with calls, tokens and cost, each leading to its events, and what they add up to. */
export function RankedTable({ answer, rows, dimension, title }: RankedTableProps) {
  const costText = exactColumn([answer.total, ...rows.map(({ total }) => total)], 'cost');
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">{DIMENSION_LABEL[dimension]}</th>
            {['Calls', 'Tokens', 'Cost', 'Share'].map((label) => (
              <th scope="col" className="mw-num" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, name, total, share }) => (
            <tr key={`${value}`}>
              <th scope="row">{name}</th>
              <td className="mw-num">
                <ValueLink answer={answer} dimension={dimension} value={value}>
                  {formatInteger(total.calls ?? 0)}
                </ValueLink>
              </td>
              <td className="mw-num">
                <ValueLink answer={answer} dimension={dimension} value={value}>
                  {formatInteger(total.tokens ?? 0)}
                </ValueLink>
              </td>
              <td className="mw-num">
                <ValueLink answer={answer} dimension={dimension} value={value}>
                  {costText(total)}
                </ValueLink>
              </td>
              <td className="mw-num">{share}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="mw-num">{formatInteger(answer.total.calls ?? 0)}</td>
            <td className="mw-num">{formatInteger(answer.total.tokens ?? 0)}</td>
            <td className="mw-num">{costText(answer.total)}</td>
            <td className="mw-num" />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
