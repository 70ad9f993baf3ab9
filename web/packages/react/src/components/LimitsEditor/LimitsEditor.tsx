'use client';

import type { Limits, LimitMetric, NewLimits } from '@meterwire/client';
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import { readLimit } from '../../logic/limits/input.ts';
import { LimitField, type LimitDraft } from './LimitField.tsx';

export interface LimitsEditorProps {
  /** Names the form, such as `Limits of the tier free`. */
  label: string;
  metrics: readonly LimitMetric[];
  /** What is set now: null is unlimited. */
  limits: Limits;
  /** What an empty field means, such as `As the tier (10)`. Where it is absent a field must not be empty. */
  emptyMeans?: (metric: string) => string;
  /** Whether `Unlimited` can be chosen. */
  canBeUnlimited?: boolean;
  saveLabel: string;
  busy: boolean;
  error?: Error | null;
  /** Receives what is set after the change: the fields that are not empty. */
  onSave: (limits: NewLimits) => void;
  onCancel?: () => void;
  /** More fields of the same form, before the limits. */
  children?: ReactNode;
}

/** A limit for every metric, read and checked as one form. */
export function LimitsEditor(props: LimitsEditorProps) {
  const { label, metrics, limits, emptyMeans, canBeUnlimited = true, busy, error, children } = props;
  const [drafts, setDrafts] = useState(() => draftsOf(metrics, limits));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  useReturnFocus();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const read = readDrafts(metrics, drafts, emptyMeans !== undefined);
    setProblems(read.problems);
    const first = metrics.find(({ name }) => read.problems[name]);
    if (first) form.current?.querySelector<HTMLInputElement>(`[data-metric="${first.name}"]`)?.focus();
    else props.onSave(read.limits);
  };

  return (
    <form
      className="mw-editor"
      ref={form}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && props.onCancel) props.onCancel();
      }}
      noValidate
    >
      {children}
      <div className="mw-editor-fields">
        {metrics.map(({ name, unit }) => (
          <LimitField
            key={name}
            id={`${id}-${name}`}
            metric={name}
            unit={unit}
            draft={drafts[name] ?? EMPTY}
            problem={problems[name]}
            placeholder={emptyMeans?.(name) ?? ''}
            canBeUnlimited={canBeUnlimited}
            onChange={(draft) => {
              setDrafts({ ...drafts, [name]: draft });
              if (problems[name]) setProblems(without(problems, name));
            }}
          />
        ))}
      </div>
      {error && (
        <p className="mw-problem" role="alert">
          {error.message}
        </p>
      )}
      <div className="mw-editor-actions">
        <button type="submit" className="mw-button mw-button-strong" aria-disabled={busy}>
          {busy ? 'Saving…' : props.saveLabel}
        </button>
        {props.onCancel && (
          <button type="button" className="mw-button" onClick={props.onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

const EMPTY: LimitDraft = { text: '', unlimited: false };

function draftsOf(metrics: readonly LimitMetric[], limits: Limits): Record<string, LimitDraft> {
  return Object.fromEntries(
    metrics.map(({ name }) => {
      const limit = limits[name];
      if (limit === undefined) return [name, EMPTY];
      return [
        name,
        limit === null ? { text: '', unlimited: true } : { text: String(limit), unlimited: false },
      ];
    }),
  );
}

function readDrafts(
  metrics: readonly LimitMetric[],
  drafts: Record<string, LimitDraft>,
  mayBeEmpty: boolean,
): { limits: NewLimits; problems: Record<string, string> } {
  const limits: NewLimits = {};
  const problems: Record<string, string> = {};
  for (const { name } of metrics) {
    const draft = drafts[name] ?? EMPTY;
    if (draft.unlimited) {
      limits[name] = null;
    } else if (draft.text.trim() === '') {
      if (!mayBeEmpty) problems[name] = 'Enter a limit, or choose Unlimited.';
    } else {
      const read = readLimit(name, draft.text);
      if ('problem' in read) problems[name] = read.problem;
      else limits[name] = read.value;
    }
  }
  return { limits, problems };
}

function without(problems: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(problems).filter(([metric]) => metric !== name));
}
