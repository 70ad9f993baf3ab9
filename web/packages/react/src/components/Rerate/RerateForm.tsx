'use client';

import type { RerateDifference, RerateWish } from '@meterwire/client';
import { useRerateDifference } from '../../hooks/useRerate.ts';
import { usePricedModels } from '../../hooks/useSettings.ts';
import { todayInZone } from '../../logic/dates.ts';
import { addDays } from '../../logic/range.ts';
import { readRerate, RERATE_ONLY, type RerateDraft, rerateDraft } from '../../logic/settings/rerate.ts';
import { ChoiceField, TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

export interface RerateFormProps {
  only: RerateDraft['only'];
  /** What was asked before, to change some of it. */
  last: RerateWish | null;
  tz: string;
  onShown: (difference: RerateDifference, wish: RerateWish) => void;
  onDone: () => void;
}

/** Which usage is rated anew. Nothing happens but that the difference is worked out. */
export function RerateForm({ only, last, tz, onShown, onDone }: RerateFormProps) {
  const ask = useRerateDifference();
  const models = usePricedModels();
  const keys = models.data?.groups.filter(({ other }) => !other).map(({ key }) => key) ?? [];
  const known = (at: 0 | 1) => [...new Set(keys.map((key) => key[at] ?? ''))].filter(Boolean);
  return (
    <ResourceForm
      what="re-rating"
      heading="Which usage"
      saveLabel="Show the difference"
      begin={last ? draftOf(last) : rerateDraft(todayInZone(new Date(), tz), only)}
      read={(draft) => withZone(readRerate(draft), tz)}
      names={{ to: 'last' }}
      save={ask}
      stays
      onSaved={onShown}
      onDone={onDone}
    >
      {({ text, choice }) => (
        <div className="mw-form-fields">
          <TextField {...text('from')} label="First day" help={`In ${tz}.`} kind="date" />
          <TextField {...text('last')} label="Last day" help="It is rated anew too." kind="date" />
          <ChoiceField
            {...choice('only')}
            label="What"
            help="Costs that were sent with an event always stay."
            choices={RERATE_ONLY}
          />
          <TextField
            {...text('provider')}
            label="Provider"
            help="Only of this one. May stay empty."
            suggestions={known(0)}
          />
          <TextField
            {...text('model')}
            label="Model"
            help="Only of this one, as events name it. May stay empty."
            suggestions={known(1)}
          />
        </div>
      )}
    </ResourceForm>
  );
}

function draftOf({ from, to, provider, model, only }: RerateWish): RerateDraft {
  return { from, last: addDays(to, -1), provider: provider ?? '', model: model ?? '', only: only ?? 'all' };
}

function withZone(read: ReturnType<typeof readRerate>, tz: string): ReturnType<typeof readRerate> {
  return 'value' in read ? { value: { ...read.value, tz } } : read;
}
