'use client';

import type { Price } from '@meterwire/client';
import { useState } from 'react';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { extraRates, priceMoment, validText } from '../../logic/settings/prices.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { PriceEditor, type PriceEdit } from './PriceEditor.tsx';

export interface OwnPricesProps {
  prices: readonly Price[];
  canChange: boolean;
}

/** The tenant's own prices, model by model and in the order of time. */
export function OwnPrices({ prices, canChange }: OwnPricesProps) {
  const [edit, setEdit] = useState<PriceEdit | null>(null);
  const [deleting, setDeleting] = useState<Price | null>(null);
  const now = new Date();
  const sorted = [...prices].sort(
    (a, b) =>
      a.provider.localeCompare(b.provider) ||
      a.model.localeCompare(b.model) ||
      (a.valid_from ?? '').localeCompare(b.valid_from ?? ''),
  );
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll" role="region" aria-label="Your prices, table" tabIndex={0}>
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
            {sorted.map((price) => (
              <PriceRows
                key={price.id}
                price={price}
                moment={priceMoment(price, now)}
                canChange={canChange}
                edit={edit?.price.id === price.id ? edit : null}
                onEdit={setEdit}
                onDelete={() => setDeleting(price)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <DeletePrice price={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface PriceRowsProps {
  price: Price;
  moment: ReturnType<typeof priceMoment>;
  canChange: boolean;
  edit: PriceEdit | null;
  onEdit: (edit: PriceEdit | null) => void;
  onDelete: () => void;
}

function PriceRows({ price, moment, canChange, edit, onEdit, onDelete }: PriceRowsProps) {
  const { provider, model } = price;
  const extra = extraRates(price);
  const toggle = (how: PriceEdit['how'], text: string, label: string) => (
    <button
      type="button"
      className="mw-button mw-button-small"
      aria-label={label}
      aria-expanded={edit?.how === how}
      onClick={() => onEdit(edit?.how === how ? null : { price, how })}
    >
      {text}
    </button>
  );
  return (
    <>
      <tr className={`${edit ? 'mw-row-open' : ''} ${moment === 'over' ? 'mw-row-over' : ''}`}>
        <th scope="row" className="mw-cell-id">
          <strong>{model}</strong>
          <span className="mw-cell-note">{provider}</span>
        </th>
        <td className="mw-num" data-label="Input per million">
          ${price.input}
        </td>
        <td className="mw-num" data-label="Output per million">
          <span>
            ${price.output}
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
        {canChange && (
          <td className="mw-row-actions mw-row-many">
            {moment !== 'over' && toggle('follow', 'New from…', `New from…, price of ${model}`)}
            {toggle('edit', 'Edit', `Edit the price of ${model}, ${validText(price)}`)}
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Delete the price of ${model}, ${validText(price)}`}
              onClick={onDelete}
            >
              Delete
            </button>
          </td>
        )}
      </tr>
      {edit && (
        <tr className="mw-row-editor">
          <td colSpan={5}>
            <PriceEditor key={edit.how} edit={edit} onDone={() => onEdit(null)} />
          </td>
        </tr>
      )}
    </>
  );
}

function DeletePrice({ price, onClose }: { price: Price | null; onClose: () => void }) {
  const remove = useSettingsChange((client, id: string, options) => client.prices.remove(id, options));
  return (
    <DeleteDialog
      item={price && { id: price.id, name: `of ${price.model}` }}
      what="price"
      remove={remove}
      onClose={onClose}
    >
      <p>
        Recorded events keep their cost. New ones take the built-in price, and where there is none they are
        shown as without a price.
      </p>
    </DeleteDialog>
  );
}
