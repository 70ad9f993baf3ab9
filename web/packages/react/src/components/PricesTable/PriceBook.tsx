'use client';

import type { Price } from '@meterwire/client';
import { useId, useState } from 'react';
import { usePriceBook } from '../../hooks/useSettings.ts';
import { extraRates, validText } from '../../logic/settings/prices.ts';
import { Card } from '../Card/Card.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

export interface PriceBookProps {
  canChange: boolean;
  /** Puts an own price before a built-in one. */
  onOverride: (price: Price) => void;
}

/** Looks a built-in price up. */
export function PriceBook({ canChange, onOverride }: PriceBookProps) {
  const [text, setText] = useState('');
  const id = useId();
  const wanted = text.trim();
  const query = usePriceBook(wanted);
  return (
    <Card
      title="Built-in prices"
      summary="The public prices that this version carries. Your own go before them."
      className="mw-card-near"
      actions={
        <div className="mw-find">
          <label className="mw-hidden" htmlFor={id}>
            Find a model
          </label>
          <input
            id={id}
            className="mw-input"
            type="search"
            placeholder="Find a model, such as gpt-4o"
            autoComplete="off"
            spellCheck={false}
            maxLength={128}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      }
    >
      {wanted === '' ? (
        <p className="mw-section-text">Enter a part of the model’s name.</p>
      ) : (
        <Asked query={query} label="built-in prices" skeleton="mw-skeleton-table">
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <EmptyRange>No built-in price has “{wanted}” in its model.</EmptyRange>
            ) : (
              <>
                <BookTable prices={items} canChange={canChange} onOverride={onOverride} />
                {nextCursor && (
                  <p className="mw-table-foot mw-quiet">There are more; enter more of the name.</p>
                )}
              </>
            )
          }
        </Asked>
      )}
    </Card>
  );
}

function BookTable({ prices, canChange, onOverride }: PriceBookProps & { prices: readonly Price[] }) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label="Built-in prices, table" tabIndex={0}>
      <table className="mw-table mw-stack">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" className="mw-num">
              Input per million
            </th>
            <th scope="col" className="mw-num">
              Output per million
            </th>
            <th scope="col">Holds, UTC</th>
            {canChange && (
              <th scope="col">
                <span className="mw-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {prices.map((price) => (
            <tr key={price.id}>
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
                  {extraRates(price) && (
                    <span className="mw-cell-note" title={extraRates(price)}>
                      {extraRates(price)}
                    </span>
                  )}
                </span>
              </td>
              <td data-label="Holds, UTC">{validText(price)}</td>
              {canChange && (
                <td className="mw-row-actions">
                  <button
                    type="button"
                    className="mw-button mw-button-small"
                    aria-label={`Use another price for ${price.model}`}
                    onClick={() => onOverride(price)}
                  >
                    Use another
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
