'use client';

import type { NewPrice, Price } from '@meterwire/client';
import { useState } from 'react';
import { type Problems, type Read, readUnless } from '../../logic/form.ts';
import { EXTRA_RATES, type PriceDraft, RATE_LABEL, readPrice } from '../../logic/settings/prices.ts';
import type { Note } from '../Notice/Notice.tsx';
import { TextField } from '../Form/Field.tsx';
import { ResourceForm, type Saving } from '../Form/ResourceForm.tsx';

type ExtraRate = keyof typeof EXTRA_RATES;
const EXTRA = Object.keys(EXTRA_RATES) as ExtraRate[];

export interface PriceFormProps {
  label: string;
  heading?: string;
  saveLabel: string;
  /** What the form begins with. */
  start: PriceDraft;
  /** Another price of a model that is settled. */
  fixedModel?: boolean;
  /** A first day has to be named, because another price ends there. */
  needsFrom?: boolean;
  /** It is changed where it stands. */
  isEdit?: boolean;
  save: Saving<NewPrice, Price>;
  said: (price: Price) => Note | string;
  onDone: () => void;
}

/** Dollars per million tokens, and from when until when. */
export function PriceForm(props: PriceFormProps) {
  const { label, start, fixedModel = false, needsFrom = false, isEdit = false } = props;
  const [all, setAll] = useState(() => EXTRA.some((name) => start[name] !== ''));
  const read = (draft: PriceDraft): Read<NewPrice> => {
    const found = readPrice(draft);
    const missing = needsFrom && draft.from === '' ? { from: 'Enter the first day of the new price.' } : {};
    const problems: Problems = { ...('problems' in found ? found.problems : {}), ...missing };
    if (EXTRA.some((name) => problems[name])) setAll(true);
    return 'value' in found ? readUnless(problems, () => found.value) : { problems };
  };
  return (
    <ResourceForm
      what="price"
      name={isEdit ? start.model : undefined}
      label={label}
      heading={props.heading ?? null}
      saveLabel={props.saveLabel}
      begin={start}
      read={read}
      names={{ valid_from: 'from', valid_to: 'last' }}
      save={props.save}
      said={props.said}
      onDone={props.onDone}
    >
      {({ text }) => (
        <>
          <div className="mw-form-fields">
            {!fixedModel && (
              <>
                <TextField {...text('provider')} label="Provider" help="As events name it, such as openai." />
                <TextField {...text('model')} label="Model" help="As events name it, such as gpt-4o." />
              </>
            )}
            <TextField
              {...text('input')}
              label="Input, dollars per million"
              help="Tokens that are sent."
              kind="decimal"
            />
            <TextField
              {...text('output')}
              label="Output, dollars per million"
              help="Tokens that come back."
              kind="decimal"
            />
            <TextField
              {...text('from')}
              label="First day"
              help={
                needsFrom ? 'The present price ends there, UTC.' : 'From its beginning, UTC. Empty: always.'
              }
              kind="date"
            />
            <TextField
              {...text('last')}
              label="Ends before"
              help="This day has no more of it, UTC. Empty: never."
              kind="date"
            />
            {all &&
              EXTRA.map((name) => (
                <TextField
                  key={name}
                  {...text(name)}
                  label={RATE_LABEL[name]}
                  help={EXTRA_RATES[name]}
                  kind="decimal"
                />
              ))}
          </div>
          {!all && (
            <p className="mw-form-more">
              <button type="button" className="mw-link" onClick={() => setAll(true)}>
                Cache, reasoning, audio, images and price a request
              </button>
            </p>
          )}
        </>
      )}
    </ResourceForm>
  );
}
