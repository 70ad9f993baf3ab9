'use client';

import type { Limits, LimitMetric, NewLimits } from '@meterwire/client';
import type { ReactNode } from 'react';
import { type Problems, type Read, readUnless } from '../../logic/form.ts';
import { readLimit } from '../../logic/limits/input.ts';
import { type Fields, ResourceForm, type Saving } from '../Form/ResourceForm.tsx';
import { LimitField, type LimitDraft, limitName } from './LimitField.tsx';

/** What is set after the change: the fields that are not empty; and the name, where one is asked for. */
export interface LimitsWanted {
  name: string;
  limits: NewLimits;
}

interface Draft {
  name: string;
  limits: Record<string, LimitDraft>;
}

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
  heading?: string;
  save: Saving<LimitsWanted, unknown>;
  said: (wanted: LimitsWanted) => string;
  onDone: () => void;
  /** Where a name is asked for too: what is wrong with one. */
  nameProblem?: (name: string) => string | undefined;
  /** More fields of the same form, before the limits. */
  children?: (fields: Fields<Draft>) => ReactNode;
}

/** A limit for every metric, read and checked as one form. */
export function LimitsEditor(props: LimitsEditorProps) {
  const { label, metrics, limits, emptyMeans, canBeUnlimited = true, nameProblem, children } = props;
  return (
    <ResourceForm
      what="limits"
      name={nameProblem ? undefined : label}
      label={label}
      heading={props.heading ?? null}
      saveLabel={props.saveLabel}
      begin={{ name: '', limits: draftsOf(metrics, limits) }}
      read={(draft) => read(metrics, draft, emptyMeans !== undefined, nameProblem)}
      save={props.save}
      said={(_, wanted) => props.said(wanted)}
      onDone={props.onDone}
    >
      {(fields) => (
        <>
          {children?.(fields)}
          <div className="mw-editor-fields">
            {metrics.map(({ name, unit }) => (
              <LimitField
                key={name}
                metric={name}
                unit={unit}
                draft={fields.draft.limits[name] ?? EMPTY}
                problem={fields.problems[limitName(name)]}
                placeholder={emptyMeans?.(name) ?? ''}
                canBeUnlimited={canBeUnlimited}
                onChange={(draft) => fields.change({ limits: { ...fields.draft.limits, [name]: draft } })}
              />
            ))}
          </div>
        </>
      )}
    </ResourceForm>
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

function read(
  metrics: readonly LimitMetric[],
  { name, limits: drafts }: Draft,
  mayBeEmpty: boolean,
  nameProblem: LimitsEditorProps['nameProblem'],
): Read<LimitsWanted> {
  const limits: NewLimits = {};
  const problems: Problems = { name: nameProblem?.(name.trim()) };
  for (const { name: metric } of metrics) {
    const draft = drafts[metric] ?? EMPTY;
    if (draft.unlimited) {
      limits[metric] = null;
    } else if (draft.text.trim() === '') {
      if (!mayBeEmpty) problems[limitName(metric)] = 'Enter a limit, or choose Unlimited.';
    } else {
      const limit = readLimit(metric, draft.text);
      if ('problem' in limit) problems[limitName(metric)] = limit.problem;
      else limits[metric] = limit.value;
    }
  }
  return readUnless(problems, () => ({ name: name.trim(), limits }));
}
