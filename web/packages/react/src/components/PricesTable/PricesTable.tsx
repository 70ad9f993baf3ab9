'use client';

import type { NewPrice, Price } from '@meterwire/client';
import { useState } from 'react';
import { keepFile } from '../../hooks/keepFile.ts';
import { usePrices, useSettingsChange } from '../../hooks/useSettings.ts';
import { type PriceDraft, priceDraft, pricesCsv } from '../../logic/settings/prices.ts';
import { Card } from '../Card/Card.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { OwnPrices } from './OwnPrices.tsx';
import { PriceBook } from './PriceBook.tsx';
import { PriceForm } from './PriceForm.tsx';
import { PriceImport } from './PriceImport.tsx';
import { Unpriced } from './Unpriced.tsx';

type Opened = { what: 'form'; start: PriceDraft; times: number } | { what: 'import' };

/** What usage costs: what has no price, the tenant's own prices, and the built-in ones. */
export function PricesTable({ canChange }: { canChange: boolean }) {
  const query = usePrices();
  const [opened, setOpened] = useState<Opened | null>(null);
  const openForm = (start: PriceDraft) =>
    setOpened((now) => ({ what: 'form', start, times: now?.what === 'form' ? now.times + 1 : 0 }));
  return (
    <>
      <Unpriced canChange={canChange} onPrice={(model) => openForm(priceDraft(model))} />
      <Card
        title="Your prices"
        summary={
          canChange
            ? 'They hold for events that are recorded from now on; recorded events keep their cost.'
            : 'They go before the built-in ones. An owner changes them.'
        }
        className="mw-card-near"
        actions={
          <div className="mw-actions">
            {query.data && query.data.pages.some(({ items }) => items.length > 0) && (
              <SaveCsv prices={query.data.pages.flatMap(({ items }) => items)} />
            )}
            {canChange && (
              <>
                <button
                  type="button"
                  className="mw-button"
                  aria-expanded={opened?.what === 'import'}
                  onClick={() => setOpened(opened?.what === 'import' ? null : { what: 'import' })}
                >
                  Import
                </button>
                <button
                  type="button"
                  className="mw-button"
                  aria-expanded={opened?.what === 'form'}
                  onClick={() => (opened?.what === 'form' ? setOpened(null) : openForm(priceDraft()))}
                >
                  Add a price
                </button>
              </>
            )}
          </div>
        }
      >
        {opened?.what === 'form' && (
          <AddPrice key={opened.times} start={opened.start} onDone={() => setOpened(null)} />
        )}
        {opened?.what === 'import' && <PriceImport onDone={() => setOpened(null)} />}
        <Paged
          query={query}
          label="prices"
          one="price"
          empty="No price of your own. The built-in ones hold, as far as there are any."
        >
          {(prices) => <OwnPrices prices={prices} canChange={canChange} />}
        </Paged>
      </Card>
      <PriceBook
        canChange={canChange}
        onOverride={(price) => openForm({ ...priceDraft(price), from: '', last: '' })}
      />
    </>
  );
}

function AddPrice({ start, onDone }: { start: PriceDraft; onDone: () => void }) {
  const say = useNotice();
  const create = useSettingsChange((client, price: NewPrice, options) =>
    client.prices.create(price, options),
  );
  const isKnown = start.model !== '' && start.provider !== '';
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">
        {isKnown ? `Price of ${start.model} (${start.provider})` : 'New price'}
      </h3>
      <PriceForm
        label="New price"
        saveLabel="Add the price"
        start={start}
        fixedModel={isKnown}
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(price) =>
          create.mutate(price, {
            onSuccess: ({ model }) => {
              onDone();
              say(`Added a price of ${model}. It holds for events that are recorded from now on.`);
            },
          })
        }
      />
    </div>
  );
}

function SaveCsv({ prices }: { prices: readonly Price[] }) {
  return (
    <button
      type="button"
      className="mw-button"
      onClick={() => keepFile(new Blob([pricesCsv(prices)], { type: 'text/csv' }), 'prices.csv')}
    >
      Save as CSV
    </button>
  );
}
