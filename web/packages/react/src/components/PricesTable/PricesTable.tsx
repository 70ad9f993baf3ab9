'use client';

import type { NewPrice, Price } from '@meterwire/client';
import { keepFile } from '../../hooks/keepFile.ts';
import { usePrices, useSettingsChange } from '../../hooks/useSettings.ts';
import { type PriceDraft, priceDraft, pricesCsv } from '../../logic/settings/prices.ts';
import { Card } from '../Card/Card.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { OwnPrices } from './OwnPrices.tsx';
import { RerateCard, type RerateOnly } from '../Rerate/RerateCard.tsx';
import { PriceBook } from './PriceBook.tsx';
import { PriceForm } from './PriceForm.tsx';
import { PriceImport } from './PriceImport.tsx';
import { Unpriced } from './Unpriced.tsx';

type Opened = { what: 'form'; start: PriceDraft; times: number } | { what: 'import' };

export interface PricesTableProps {
  canChange: boolean;
  /** The tenant's own. */
  zone?: string;
  /** Leads to what the audit log says of something. */
  onAudit?: ((target: string) => void) | undefined;
}

/** What usage costs: what has no price, the tenant's own prices, and the built-in ones. */
export function PricesTable({ canChange, zone = 'UTC', onAudit }: PricesTableProps) {
  const query = usePrices();
  const { opened, open, close, around } = useOpened<Opened>();
  const rerating = useOpened<RerateOnly>();
  const openForm = (start: PriceDraft) =>
    open({ what: 'form', start, times: opened?.what === 'form' ? opened.times + 1 : 0 });
  return (
    <>
      <Unpriced
        canChange={canChange}
        onPrice={(model) => openForm(priceDraft(model))}
        onRerate={() => rerating.open('unpriced')}
      />
      <Card
        title="Your prices"
        summary={
          canChange
            ? 'They hold for events that are recorded from now on; recorded events keep their cost.'
            : 'They go before the built-in ones. An owner changes them.'
        }
        className="mw-card-stacked"
        actions={
          <div className="mw-actions">
            {query.data && query.data.pages.some(({ items }) => items.length > 0) && (
              <SaveCsv prices={query.data.pages.flatMap(({ items }) => items)} />
            )}
            {canChange && (
              <>
                <ToggleButton
                  text="Import"
                  open={opened?.what === 'import'}
                  onToggle={(on) => open(on ? { what: 'import' } : null)}
                />
                <ToggleButton
                  text="Add a price"
                  open={opened?.what === 'form'}
                  onToggle={(on) => (on ? openForm(priceDraft()) : open(null))}
                />
              </>
            )}
          </div>
        }
      >
        {opened?.what === 'form' &&
          around(
            <AddPrice
              key={opened.times}
              start={opened.start}
              onDone={close}
              onRerate={() => rerating.open('all')}
            />,
          )}
        {opened?.what === 'import' && <PriceImport onDone={close} />}
        <Paged
          query={query}
          label="prices"
          one="price"
          empty="No price of your own. The built-in ones hold, as far as there are any."
        >
          {(prices) => <OwnPrices prices={prices} canChange={canChange} />}
        </Paged>
      </Card>
      {canChange && <RerateCard place={rerating} zone={zone} onAudit={onAudit} />}
      <PriceBook
        canChange={canChange}
        onOverride={(price) => openForm({ ...priceDraft(price), from: '', last: '' })}
      />
    </>
  );
}

interface AddPriceProps {
  start: PriceDraft;
  onDone: () => void;
  onRerate: () => void;
}

function AddPrice({ start, onDone, onRerate }: AddPriceProps) {
  const create = useSettingsChange((client, price: NewPrice, options) =>
    client.prices.create(price, options),
  );
  const isKnown = start.model !== '' && start.provider !== '';
  return (
    <PriceForm
      label="New price"
      heading={isKnown ? `Price of ${start.model} (${start.provider})` : 'New price'}
      saveLabel="Add the price"
      start={start}
      fixedModel={isKnown}
      save={create}
      said={({ model }) => ({
        text: `Added a price of ${model}. It holds for events that are recorded from now on.`,
        action: { label: 'Re-rate recorded ones', run: onRerate },
      })}
      onDone={onDone}
    />
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
