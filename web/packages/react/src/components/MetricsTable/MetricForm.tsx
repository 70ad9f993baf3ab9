'use client';

import type { Counts, LimitMetric, LimitWindow, NewLimitMetric } from '@meterwire/client';
import { useLimitsChange } from '../../hooks/useLimits.ts';
import { readUnless } from '../../logic/form.ts';
import { metricNameProblem, zoneProblem } from '../../logic/limits/input.ts';
import { COUNTS_HELP, COUNTS_LABEL, WINDOW_HELP, WINDOW_LABEL } from '../../logic/limits/words.ts';
import { ChoiceField, TextField, ZoneField } from '../Form/Field.tsx';
import { type Fields, ResourceForm } from '../Form/ResourceForm.tsx';

export interface MetricFormProps {
  /** What is changed; without it a new one is made. */
  metric?: LimitMetric;
  taken?: readonly string[];
  onDone: () => void;
}

interface Draft {
  name: string;
  unit: string;
  description: string;
  window: LimitWindow;
  zone: string;
  counts: Counts;
}

/** Name, unit, window, zone and what counts into it, each with a sentence that explains it. */
export function MetricForm({ metric, taken = [], onDone }: MetricFormProps) {
  const isNew = metric === undefined;
  const save = useLimitsChange((client, wanted: NewLimitMetric, options) => {
    if (isNew) return client.metrics.create(wanted, options);
    const { name, ...change } = wanted;
    return client.metrics.change(name, change, options);
  });
  return (
    <ResourceForm
      what="metric"
      name={metric?.name}
      begin={draftOf(metric)}
      read={(draft) =>
        readUnless(
          {
            name: isNew ? metricNameProblem(draft.name.trim(), taken) : undefined,
            zone: zoneProblem(draft.zone.trim()),
          },
          () => metricOf(draft),
        )
      }
      names={{ timezone: 'zone' }}
      save={save}
      said={(_, { name }) =>
        isNew
          ? `Added the metric ${name}. It is unlimited in every tier until a limit is set.`
          : `Saved the metric ${name}.`
      }
      onDone={onDone}
    >
      {(fields) => <MetricFields {...fields} isNew={isNew} />}
    </ResourceForm>
  );
}

function MetricFields({ draft, text, choice, isNew }: Fields<Draft> & { isNew: boolean }) {
  const counts = countsIn(draft);
  return (
    <div className="mw-form-fields">
      {isNew && (
        <TextField
          {...text('name')}
          label="Name"
          help="How events and decisions call it."
          placeholder="build_minutes"
        />
      )}
      <TextField
        {...text('unit')}
        label="Unit"
        help="What one of it is called, such as minutes. May stay empty."
      />
      <ChoiceField
        {...choice('window')}
        label="Starts again"
        help={WINDOW_HELP[draft.window]}
        choices={WINDOW_LABEL}
      />
      <ZoneField {...text('zone')} help="Where its days, weeks and months begin." />
      <ChoiceField
        {...choice('counts')}
        label="Counts"
        help={COUNTS_HELP[counts]}
        choices={Object.fromEntries(countsOf(draft.name).map((one) => [one, COUNTS_LABEL[one]]))}
        value={counts}
      />
      <TextField {...text('description')} label="Description" help="For people. May stay empty." />
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
