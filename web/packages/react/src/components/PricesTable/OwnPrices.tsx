'use client';

import type { Price } from '@meterwire/client';
import { useState } from 'react';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { priceMoment, validText } from '../../logic/settings/prices.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable, type RowPanel } from '../EditableTable/EditableTable.tsx';
import { PRICE_HEADS, PriceCells } from './PriceCells.tsx';
import { PriceEditor } from './PriceEditor.tsx';

export interface OwnPricesProps {
  prices: readonly Price[];
  canChange: boolean;
}

/** The tenant's own prices, model by model and in the order of time. */
export function OwnPrices({ prices, canChange }: OwnPricesProps) {
  const [deleting, setDeleting] = useState<Price | null>(null);
  const remove = useSettingsChange((client, id: string, options) => client.prices.remove(id, options));
  const now = new Date();
  const sorted = [...prices].sort(
    (a, b) =>
      a.provider.localeCompare(b.provider) ||
      a.model.localeCompare(b.model) ||
      (a.valid_from ?? '').localeCompare(b.valid_from ?? ''),
  );
  return (
    <>
      <EditableTable
        label="Your prices"
        columns={PRICE_HEADS}
        actions={canChange}
        items={sorted.map((price) => {
          const moment = priceMoment(price, now);
          return {
            id: price.id,
            what: `the price of ${price.model}, ${validText(price)}`,
            className: moment === 'over' ? 'mw-row-over' : '',
            cells: <PriceCells price={price} moment={moment} />,
            wide: true,
            panels: panelsOf(price, moment !== 'over'),
            removal: { text: 'Delete', run: () => setDeleting(price) },
          };
        })}
      />
      <DeleteDialog
        item={deleting && { id: deleting.id, name: `of ${deleting.model}` }}
        what="price"
        remove={remove}
        onClose={() => setDeleting(null)}
      >
        <p>
          Recorded events keep their cost. New ones take the built-in price, and where there is none they are
          shown as without a price.
        </p>
      </DeleteDialog>
    </>
  );
}

function panelsOf(price: Price, canFollow: boolean): RowPanel[] {
  const edit: RowPanel = {
    text: 'Edit',
    content: (close) => <PriceEditor price={price} how="edit" onDone={close} />,
  };
  const follow: RowPanel = {
    text: 'New from…',
    label: `New from…, price of ${price.model}`,
    content: (close) => <PriceEditor price={price} how="follow" onDone={close} />,
  };
  return canFollow ? [follow, edit] : [edit];
}
