'use client';

import type { NewPrice } from '@meterwire/client';
import { useState } from 'react';
import {
  EXTRA_RATES,
  type PriceDraft,
  type PriceProblems,
  RATE_LABEL,
  readPrice,
} from '../../logic/settings/prices.ts';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

type ExtraRate = keyof typeof EXTRA_RATES;
const EXTRA = Object.keys(EXTRA_RATES) as ExtraRate[];

export interface PriceFormProps {
  label: string;
  saveLabel: string;
  /** What the form begins with. */
  start: PriceDraft;
  /** The model is settled: this is another price of it. */
  fixedModel?: boolean;
  /** A first day has to be named, because another price ends there. */
  needsFrom?: boolean;
  busy: boolean;
  error: Error | null;
  onSave: (price: NewPrice) => void;
  onCancel: () => void;
}

/** Dollars per million tokens, and from when until when. */
export function PriceForm(props: PriceFormProps) {
  const {
    label,
    saveLabel,
    start,
    fixedModel = false,
    needsFrom = false,
    busy,
    error,
    onSave,
    onCancel,
  } = props;
  const [draft, setDraft] = useState(start);
  const [problems, setProblems] = useState<PriceProblems>({});
  const [all, setAll] = useState(() => EXTRA.some((name) => start[name] !== ''));
  const save = () => {
    const read = readPrice(draft);
    const found: PriceProblems = {
      ...('problems' in read ? read.problems : {}),
      ...(needsFrom && draft.from === '' ? { from: 'Enter the first day of the new price.' } : {}),
    };
    setProblems(found);
    const wrong = Object.keys(found)[0];
    if (wrong) {
      if (EXTRA.includes(wrong as ExtraRate)) setAll(true);
      return wrong;
    }
    if ('price' in read) onSave(read.price);
    return undefined;
  };
  const field = (name: keyof PriceDraft, title: string, help: string, kind: 'text' | 'decimal' | 'date') => (
    <TextField
      key={name}
      name={name}
      label={title}
      help={help}
      kind={kind}
      value={draft[name]}
      problem={problems[name]}
      onChange={(value) => setDraft({ ...draft, [name]: value })}
    />
  );
  return (
    <Form label={label} saveLabel={saveLabel} busy={busy} error={error} onSave={save} onCancel={onCancel}>
      <div className="mw-form-fields">
        {!fixedModel && field('provider', 'Provider', 'As events name it, such as openai.', 'text')}
        {!fixedModel && field('model', 'Model', 'As events name it, such as gpt-4o.', 'text')}
        {field('input', 'Input, dollars per million', 'Tokens that are sent.', 'decimal')}
        {field('output', 'Output, dollars per million', 'Tokens that come back.', 'decimal')}
        {field(
          'from',
          'First day',
          needsFrom ? 'The present price ends there, UTC.' : 'From its beginning, UTC. Empty: always.',
          'date',
        )}
        {field('last', 'Ends before', 'This day has no more of it, UTC. Empty: never.', 'date')}
        {all && EXTRA.map((name) => field(name, RATE_LABEL[name], EXTRA_RATES[name], 'decimal'))}
      </div>
      {!all && (
        <p className="mw-form-more">
          <button type="button" className="mw-link" onClick={() => setAll(true)}>
            Cache, reasoning, audio, images and price a request
          </button>
        </p>
      )}
    </Form>
  );
}
