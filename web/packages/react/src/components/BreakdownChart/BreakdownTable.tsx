import type { UsageAnswer } from '@meterwire/client';
import type { BreakdownRow } from '../../logic/breakdown.ts';
import { exactColumn } from '../../logic/metric.ts';
import { formatInteger } from '../../logic/number.ts';

export interface BreakdownTableProps {
  answer: UsageAnswer;
  rows: readonly BreakdownRow[];
  noun: string;
  title: string;
}

/** Every row of a breakdown, and the total that they add up to. */
export function BreakdownTable({ answer, rows, noun, title }: BreakdownTableProps) {
  const { total, groups } = answer;
  const costText = exactColumn([total, ...groups.map((group) => group.total)], 'cost');
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">{noun.charAt(0).toUpperCase() + noun.slice(1)}</th>
            <th scope="col" className="mw-num">
              Tokens
            </th>
            <th scope="col" className="mw-num">
              Share
            </th>
            <th scope="col" className="mw-num">
              Calls
            </th>
            <th scope="col" className="mw-num">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.value}`}>
              <th scope="row">{row.name}</th>
              <td className="mw-num">{row.tokensText}</td>
              <td className="mw-num">{row.shareText}</td>
              <td className="mw-num">{row.callsText}</td>
              <td className="mw-num">{costText(groups[index]?.total ?? {})}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="mw-num">{formatInteger(total.tokens ?? 0)}</td>
            <td className="mw-num" />
            <td className="mw-num">{formatInteger(total.calls ?? 0)}</td>
            <td className="mw-num">{costText(total)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
