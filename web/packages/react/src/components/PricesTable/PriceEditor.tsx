'use client';

import type { CallOptions, MeterwireClient, NewPrice, Price } from '@meterwire/client';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { priceDraft, readPrice } from '../../logic/settings/prices.ts';
import { useNotice } from '../Notice/Notice.tsx';
import { PriceForm } from './PriceForm.tsx';

/** A price that is put right, or that ends where another one begins. */
export interface PriceEdit {
  price: Price;
  how: 'edit' | 'follow';
}

export function PriceEditor({ edit: { price, how }, onDone }: { edit: PriceEdit; onDone: () => void }) {
  const say = useNotice();
  const save = useSettingsChange((client, wanted: NewPrice, options) =>
    how === 'edit'
      ? client.prices.replace(price.id, wanted, options)
      : follow(client, price, wanted, options),
  );
  const start = priceDraft(price);
  return (
    <PriceForm
      label={how === 'edit' ? `Price of ${price.model}` : `New price of ${price.model}`}
      saveLabel={how === 'edit' ? 'Save price' : 'Add the new price'}
      start={how === 'edit' ? start : { ...start, from: '' }}
      fixedModel
      needsFrom={how === 'follow'}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(wanted) =>
        save.mutate(wanted, {
          onSuccess: () => {
            onDone();
            say(`Saved the price of ${price.model}. It holds for events that are recorded from now on.`);
          },
        })
      }
    />
  );
}

/** The old price ends where the new one begins. Where the new one is refused the old one stands as it was. */
async function follow(
  client: MeterwireClient,
  old: Price,
  next: NewPrice,
  options: CallOptions,
): Promise<Price> {
  const before = asNew(old);
  await client.prices.replace(old.id, { ...before, valid_to: next.valid_from ?? null }, options);
  try {
    return await client.prices.create(next, options);
  } catch (error) {
    await client.prices.replace(old.id, before, options);
    throw error;
  }
}

function asNew(price: Price): NewPrice {
  const read = readPrice(priceDraft(price));
  if (!('price' in read)) throw new Error('This price cannot be changed here.');
  // With every digit of its instants, which need not be midnights.
  return { ...read.price, valid_from: price.valid_from, valid_to: price.valid_to };
}
