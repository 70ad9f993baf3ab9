import { modelName, signed, signedExact } from '../../logic/costChange.ts';
import { narrowed } from '../../logic/drill.ts';
import { formatUsd, formatUsdExact } from '../../logic/money.ts';
import { LogLink } from '../LogLink/LogLink.tsx';
import type { ModelEffectsProps } from './ModelEffects.tsx';

const SHOWN = 4;

/** The models that changed the cost most; all of them stand in the table. */
export function LargestChanges({ answer, now, before }: ModelEffectsProps) {
  const named = answer.models.filter(({ other }) => !other).slice(0, SHOWN);
  if (named.length === 0) return null;
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label="Largest changes, table" tabIndex={0}>
      <table className="mw-table mw-largest">
        <thead>
          <tr>
            <th scope="col">Largest changes</th>
            {['Before', 'Now', 'Change'].map((label) => (
              <th scope="col" className="mw-num" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {named.map((row) => (
            <tr key={`${row.provider} ${row.model}`}>
              <th scope="row">{modelName(row)}</th>
              <td className="mw-num" title={formatUsdExact(row.compared_cost_usd)}>
                <LogLink drill={narrowed(before, 'model', [row.model ?? ''])}>
                  {formatUsd(row.compared_cost_usd)}
                </LogLink>
              </td>
              <td className="mw-num" title={formatUsdExact(row.cost_usd)}>
                <LogLink drill={narrowed(now, 'model', [row.model ?? ''])}>{formatUsd(row.cost_usd)}</LogLink>
              </td>
              <td className="mw-num" title={signedExact(row.difference_usd)}>
                {signed(row.difference_usd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
