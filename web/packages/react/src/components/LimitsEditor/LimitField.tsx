'use client';

import { useId } from 'react';
import { metricLabel, unitBeside } from '../../logic/limits/words.ts';

export interface LimitDraft {
  text: string;
  unlimited: boolean;
}

export interface LimitFieldProps {
  metric: string;
  unit: string | null;
  draft: LimitDraft;
  problem: string | undefined;
  placeholder: string;
  canBeUnlimited: boolean;
  onChange: (draft: LimitDraft) => void;
}

/** How its field is named, as the server names it where it refuses one. */
export function limitName(metric: string): string {
  return `limits.${metric}`;
}

/** One limit: a number, and a switch that takes the limit away. */
export function LimitField(props: LimitFieldProps) {
  const { metric, unit, draft, problem, placeholder, canBeUnlimited, onChange } = props;
  const id = useId();
  const label = metricLabel(metric);
  const beside = metric === 'cost_usd' ? 'US dollars' : unit === 'bytes' ? unit : unitBeside(metric, unit);
  return (
    <div className="mw-form-field">
      <label className="mw-form-label" htmlFor={id}>
        {label}
        {beside && <span className="mw-limit-unit"> in {beside}</span>}
      </label>
      <div className="mw-limit-inputs">
        <input
          id={id}
          className="mw-input mw-limit-input"
          name={limitName(metric)}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={draft.text}
          disabled={draft.unlimited}
          placeholder={draft.unlimited ? 'Unlimited' : placeholder}
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onChange={(event) => onChange({ ...draft, text: event.target.value })}
        />
        {canBeUnlimited && (
          <label className="mw-switch">
            <input
              type="checkbox"
              role="switch"
              aria-label={`Unlimited: ${label}`}
              checked={draft.unlimited}
              onChange={(event) => onChange({ ...draft, unlimited: event.target.checked })}
            />
            <span className="mw-switch-track" aria-hidden="true" />
            <span>Unlimited</span>
          </label>
        )}
      </div>
      {problem && (
        <p className="mw-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
