'use client';

import type { Limits, LimitMetric } from '@meterwire/client';
import { useLimitsChange } from '../../hooks/useLimits.ts';
import { tierNameProblem } from '../../logic/limits/input.ts';
import { TextField } from '../Form/Field.tsx';
import { LimitsEditor, type LimitsWanted } from '../LimitsEditor/LimitsEditor.tsx';

export interface NewTierProps {
  metrics: readonly LimitMetric[];
  taken: readonly string[];
  /** The limits that the form begins with. */
  startFrom: Limits;
  onDone: () => void;
}

/** A name and limits, which begin as those of the default tier. */
export function NewTier({ metrics, taken, startFrom, onDone }: NewTierProps) {
  const create = useLimitsChange((client, tier: LimitsWanted, options) => client.tiers.create(tier, options));
  return (
    <LimitsEditor
      label="New tier"
      heading="New tier"
      metrics={metrics}
      limits={Object.fromEntries(metrics.map(({ name }) => [name, startFrom[name] ?? null]))}
      saveLabel="Add the tier"
      save={create}
      said={({ name }) => `Added the tier ${name}.`}
      onDone={onDone}
      nameProblem={(name) => tierNameProblem(name, taken)}
    >
      {({ text }) => (
        <div className="mw-form-fields">
          <TextField
            {...text('name')}
            label="Name"
            help="How users are put on it. It cannot be changed later."
          />
        </div>
      )}
    </LimitsEditor>
  );
}
