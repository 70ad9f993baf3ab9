'use client';

import type { CallOptions, MeterwireClient, NewPrice, Price } from '@meterwire/client';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { priceDraft, readPrice } from '../../logic/settings/prices.ts';
import { PriceForm } from './PriceForm.tsx';

export interface PriceEditorProps {
  price: Price;
  /** It is put right, or ends where another one begins. */
  how: 'edit' | 'follow';
  onDone: () => void;
}

export function PriceEditor({ price, how, onDone }: PriceEditorProps) {
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
      isEdit={how === 'edit'}
      save={save}
      said={({ model }) => `Saved the price of ${model}. It holds for events that are recorded from now on.`}
      onDone={onDone}
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
  if (!('value' in read)) throw new Error('This price cannot be changed here.');
  // With every digit of its instants, which need not be midnights.
  return { ...read.value, valid_from: price.valid_from, valid_to: price.valid_to };
}
