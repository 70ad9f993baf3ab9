'use client';

import type { Limits, LimitMetric, NewLimits } from '@meterwire/client';
import { useEffect, useId, useRef, useState } from 'react';
import { useLimitsChange } from '../../hooks/useLimits.ts';
import { tierNameProblem } from '../../logic/limits/input.ts';
import { LimitsEditor } from '../LimitsEditor/LimitsEditor.tsx';
import { useNotice } from '../Notice/Notice.tsx';

export interface NewTierProps {
  metrics: readonly LimitMetric[];
  taken: readonly string[];
  /** The limits that the form begins with. */
  startFrom: Limits;
  onDone: () => void;
}

/** A name and limits, which begin as those of the default tier. */
export function NewTier({ metrics, taken, startFrom, onDone }: NewTierProps) {
  const say = useNotice();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);
  const create = useLimitsChange((client, tier: { name: string; limits: NewLimits }, options) =>
    client.tiers.create(tier, options),
  );
  const save = (limits: NewLimits) => {
    const found = tierNameProblem(name.trim(), taken);
    setProblem(found);
    if (found) return input.current?.focus();
    create.mutate(
      { name: name.trim(), limits },
      {
        onSuccess: () => {
          onDone();
          say(`Added the tier ${name.trim()}.`);
        },
      },
    );
  };
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New tier</h3>
      <LimitsEditor
        label="New tier"
        metrics={metrics}
        limits={Object.fromEntries(metrics.map((metric) => [metric.name, startFrom[metric.name] ?? null]))}
        saveLabel="Add the tier"
        busy={create.isPending}
        error={create.error}
        onSave={save}
        onCancel={onDone}
      >
        <div className="mw-limit mw-limit-name">
          <label className="mw-limit-label" htmlFor={id}>
            Name
          </label>
          <input
            ref={input}
            id={id}
            className="mw-input"
            type="text"
            autoComplete="off"
            spellCheck={false}
            value={name}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? `${id}-problem` : undefined}
            onChange={(event) => {
              setName(event.target.value);
              setProblem(undefined);
            }}
          />
          {problem && (
            <p className="mw-problem" id={`${id}-problem`}>
              {problem}
            </p>
          )}
        </div>
      </LimitsEditor>
    </div>
  );
}
