'use client';

import type { Counts, LimitMetric, LimitWindow, NewLimitMetric } from '@meterwire/client';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import { metricNameProblem, zoneProblem } from '../../logic/limits/input.ts';
import { COUNTS_HELP, COUNTS_LABEL, WINDOW_HELP, WINDOW_LABEL } from '../../logic/limits/words.ts';
import { knownZones } from '../../logic/zones.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';

export interface MetricFormProps {
  /** What is changed; without it a new one is made. */
  metric?: LimitMetric;
  taken: readonly string[];
  busy: boolean;
  error: Error | null;
  onSave: (metric: NewLimitMetric) => void;
  onCancel: () => void;
}

interface Draft {
  name: string;
  unit: string;
  description: string;
  window: LimitWindow;
  zone: string;
  counts: Counts;
}

type Problems = { [Name in keyof Draft]?: string | undefined };

/** Name, unit, window, zone and what counts into it, each with a sentence that explains it. */
export function MetricForm({ metric, taken, busy, error, onSave, onCancel }: MetricFormProps) {
  const [draft, setDraft] = useState(() => draftOf(metric));
  const [problems, setProblems] = useState<Problems>({});
  const form = useRef<HTMLFormElement>(null);
  const isNew = metric === undefined;
  useReturnFocus();
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found: Problems = {
      name: isNew ? metricNameProblem(draft.name.trim(), taken) : undefined,
      zone: zoneProblem(draft.zone.trim()),
    };
    setProblems(found);
    const first = Object.keys(found).find((name) => found[name as keyof Draft]);
    if (first) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    else onSave(metricOf(draft));
  };

  return (
    <form
      className="mw-editor"
      ref={form}
      aria-label={isNew ? 'New metric' : `Metric ${metric.name}`}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
      noValidate
    >
      <Fields
        draft={draft}
        problems={problems}
        isNew={isNew}
        onChange={(part) => setDraft({ ...draft, ...part })}
      />
      {error && (
        <p className="mw-problem" role="alert">
          {error.message}
        </p>
      )}
      <div className="mw-editor-actions">
        <button type="submit" className="mw-button mw-button-strong" aria-disabled={busy}>
          {busy ? 'Saving…' : isNew ? 'Add the metric' : 'Save metric'}
        </button>
        <button type="button" className="mw-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface FieldsProps {
  draft: Draft;
  problems: Problems;
  isNew: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, problems, isNew, onChange }: FieldsProps) {
  const zonesId = useId();
  const counts = countsIn(draft);
  return (
    <div className="mw-form-fields">
      {isNew && (
        <TextField
          name="name"
          label="Name"
          help="How events and decisions call it."
          placeholder="build_minutes"
          value={draft.name}
          problem={problems.name}
          onChange={(name) => onChange({ name })}
        />
      )}
      <TextField
        name="unit"
        label="Unit"
        help="What one of it is called, such as minutes. May stay empty."
        value={draft.unit}
        onChange={(unit) => onChange({ unit })}
      />
      <ChoiceField
        label="Starts again"
        help={WINDOW_HELP[draft.window]}
        choices={WINDOW_LABEL}
        value={draft.window}
        onChange={(window) => onChange({ window })}
      />
      <TextField
        name="zone"
        label="Zone"
        help="Where its days, weeks and months begin."
        list={zonesId}
        value={draft.zone}
        problem={problems.zone}
        onChange={(zone) => onChange({ zone })}
      />
      <datalist id={zonesId}>
        {knownZones().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <ChoiceField
        label="Counts"
        help={COUNTS_HELP[counts]}
        choices={Object.fromEntries(countsOf(draft.name).map((one) => [one, COUNTS_LABEL[one]]))}
        value={counts}
        onChange={(chosen) => onChange({ counts: chosen })}
      />
      <TextField
        name="description"
        label="Description"
        help="For people. May stay empty."
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
    </div>
  );
}

/** Only the metric of this name counts money, and it counts nothing else. */
function countsOf(name: string): Counts[] {
  return name === 'cost_usd' ? ['cost_usd'] : ['named', 'events', 'tokens', 'decisions'];
}

function countsIn({ name, counts }: Draft): Counts {
  return countsOf(name).includes(counts) ? counts : (countsOf(name)[0] ?? 'named');
}

function draftOf(metric: LimitMetric | undefined): Draft {
  return {
    name: metric?.name ?? '',
    unit: metric?.unit ?? '',
    description: metric?.description ?? '',
    window: metric?.window ?? 'day',
    zone: metric?.timezone ?? 'UTC',
    counts: metric?.counts ?? 'named',
  };
}

function metricOf(draft: Draft): NewLimitMetric {
  return {
    name: draft.name.trim(),
    unit: draft.unit.trim() || null,
    description: draft.description.trim() || null,
    window: draft.window,
    timezone: draft.zone.trim(),
    counts: countsIn(draft),
  };
}
