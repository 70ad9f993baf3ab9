'use client';

import type { Price } from '@meterwire/client';
import { useId, useState } from 'react';
import { usePriceBook } from '../../hooks/useSettings.ts';
import { Card } from '../Card/Card.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { PRICE_HEADS, PriceCells } from './PriceCells.tsx';

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
      className="mw-card-stacked"
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
    <EditableTable
      label="Built-in prices"
      columns={PRICE_HEADS}
      actions={canChange}
      items={prices.map((price) => ({
        id: price.id,
        what: `the price of ${price.model}`,
        cells: <PriceCells price={price} />,
        buttons: () => (
          <button
            type="button"
            className="mw-button mw-button-small"
            aria-label={`Use another price for ${price.model}`}
            onClick={() => onOverride(price)}
          >
            Use another
          </button>
        ),
      }))}
    />
  );
}
