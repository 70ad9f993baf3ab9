import type { Price } from '@meterwire/client';
import { extraRates, type PriceMoment, validText } from '../../logic/settings/prices.ts';
import type { Column } from '../EditableTable/EditableTable.tsx';

export const PRICE_HEADS: readonly Column[] = [
  'Model',
  { name: 'Input per million', numeric: true },
  { name: 'Output per million', numeric: true },
  'Holds, UTC',
];

/** A price in a row: the model, what it costs, and when it holds. */
export function PriceCells({ price, moment = 'now' }: { price: Price; moment?: PriceMoment }) {
  const extra = extraRates(price);
  return (
    <>
      <th scope="row" className="mw-cell-id">
        <strong>{price.model}</strong>
        <span className="mw-cell-note">{price.provider}</span>
      </th>
      <td className="mw-num" data-label="Input per million">
        {price.input ? `$${price.input}` : '–'}
      </td>
      <td className="mw-num" data-label="Output per million">
        <span>
          {price.output ? `$${price.output}` : '–'}
          {extra && (
            <span className="mw-cell-note" title={extra}>
              {extra}
            </span>
          )}
        </span>
      </td>
      <td data-label="Holds, UTC">
        <span>
          {validText(price)}
          {moment === 'over' && <span className="mw-badge mw-badge-plain mw-badge-beside">Over</span>}
          {moment === 'later' && <span className="mw-badge mw-badge-plain mw-badge-beside">To come</span>}
        </span>
      </td>
    </>
  );
}
