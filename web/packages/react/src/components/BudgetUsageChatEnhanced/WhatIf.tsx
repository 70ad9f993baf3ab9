'use client';

import type { ModelCost, WhatIf as WhatIfAnswer, WhatIfQuestion } from '@meterwire/client';
import { type FormEvent, useId, useState } from 'react';
import { useWhatIf } from '../../hooks/useSpend.ts';
import { percentText } from '../../logic/limits/words.ts';
import { formatUsdExact, formatUsdSigned } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { MiniStat } from '../MiniStat/MiniStat.tsx';

export interface WhatIfProps {
  models: readonly ModelCost[];
  workspaceId: string | undefined;
}

/** What this month would have cost with another model, on the same tokens. */
export function WhatIf({ models, workspaceId }: WhatIfProps) {
  const id = useId();
  const named = models.flatMap(({ model }) => (model === '(none)' || model === 'Other' ? [] : [model]));
  const [model, setModel] = useState(named[0] ?? '');
  const [instead, setInstead] = useState('');
  const [question, setQuestion] = useState<WhatIfQuestion | null>(null);
  const query = useWhatIf(question);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (instead.trim() === '') return document.getElementById(`${id}-instead`)?.focus();
    setQuestion({ instead: instead.trim(), model: model || undefined, workspace: workspaceId });
  };
  return (
    <section className="mw-section" aria-labelledby={`${id}-title`}>
      <h3 className="mw-section-title" id={`${id}-title`}>
        What if
      </h3>
      <form className="mw-what-if" onSubmit={ask} noValidate>
        <label className="mw-field">
          Instead of
          <select className="mw-select" value={model} onChange={(event) => setModel(event.target.value)}>
            {named.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            <option value="">every model</option>
          </select>
        </label>
        <label className="mw-field">
          take
          <input
            id={`${id}-instead`}
            className="mw-input"
            type="text"
            list={`${id}-models`}
            autoComplete="off"
            spellCheck={false}
            maxLength={256}
            placeholder="gpt-4o-mini"
            value={instead}
            onChange={(event) => setInstead(event.target.value)}
          />
        </label>
        <datalist id={`${id}-models`}>
          {named.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" className="mw-button" aria-disabled={query.isFetching}>
          {query.isFetching ? 'Reckoning…' : 'Reckon'}
        </button>
      </form>
      {query.error && (
        <p className="mw-problem" role="alert">
          {query.error.message}
        </p>
      )}
      <div role="status">
        {query.data && !query.error && question && <Answer answer={query.data} instead={question.instead} />}
      </div>
    </section>
  );
}

function Answer({ answer, instead }: { answer: WhatIfAnswer; instead: string }) {
  const { calls, cost_usd, cost_then_usd, difference_usd, difference_percentage, not_repriced_calls } =
    answer;
  const sign = difference_usd.startsWith('-') ? '−' : '+';
  return (
    <>
      <dl className="mw-ministats">
        <MiniStat label="This month now" value={formatUsdExact(cost_usd)} note={countOf(calls, 'call')} />
        <MiniStat label={`With ${instead}`} value={formatUsdExact(cost_then_usd)} note="on the same tokens" />
        <MiniStat
          label="Difference"
          value={formatUsdSigned(difference_usd)}
          note={difference_percentage !== null && `${sign}${percentText(Math.abs(difference_percentage))}`}
        />
      </dl>
      <p className="mw-form-help">
        Each call is priced anew by the price in force at its time. Another model may take more or fewer
        tokens.
        {not_repriced_calls > 0 &&
          ` ${countOf(not_repriced_calls, 'call')} keep what they cost: there is no price.`}
      </p>
    </>
  );
}
