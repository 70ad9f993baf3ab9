'use client';

import type { Budget, NewBudget } from '@meterwire/client';
import { useId, useState } from 'react';
import {
  type BudgetDraft,
  type BudgetProblems,
  changedBudget,
  draftOf,
  readBudget,
} from '../../logic/budget/input.ts';
import { PERIOD_HELP, PERIOD_LABEL, SCOPE_LABEL, SCOPE_NAMES } from '../../logic/budget/words.ts';
import { knownZones } from '../../logic/zones.ts';
import { ChannelChoice } from '../ChannelChoice/ChannelChoice.tsx';
import { ChoiceField, SwitchField, TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';
import { ScopeFields } from './ScopeFields.tsx';

export interface BudgetFormProps {
  /** What is changed; without it a new one is made. */
  budget?: Budget;
  /** The tenant's zone, which counts where none is named. */
  zone: string;
  busy: boolean;
  error: Error | null;
  /** All of a new budget, or what has changed of one. */
  onSave: (budget: Partial<NewBudget>) => void;
  onCancel: () => void;
}

/** Name, amount, period and scope, what it refuses, and whom it tells. */
export function BudgetForm({ budget, zone, busy, error, onSave, onCancel }: BudgetFormProps) {
  const [before] = useState(() => draftOf(budget));
  const [draft, setDraft] = useState(before);
  const [problems, setProblems] = useState<BudgetProblems>({});
  const change = (part: Partial<BudgetDraft>) => setDraft({ ...draft, ...part });
  const save = () => {
    const read = readBudget(draft);
    setProblems('problems' in read ? read.problems : {});
    if ('problems' in read) {
      return Object.entries(read.problems).find(([, problem]) => problem)?.[0];
    }
    const first = readBudget(before);
    onSave(budget && 'budget' in first ? changedBudget(first.budget, read.budget) : read.budget);
    return undefined;
  };
  return (
    <Form
      label={budget ? `Budget ${budget.name}` : 'New budget'}
      saveLabel={budget ? 'Save budget' : 'Add the budget'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        <What draft={draft} problems={problems} onChange={change} />
        <When draft={draft} problems={problems} onChange={change} tenantZone={zone} />
      </div>
      {!budget?.is_default && (
        <ScopeFields
          scope={draft.scope}
          problem={problems.scope}
          names={SCOPE_NAMES}
          labels={SCOPE_LABEL}
          onChange={(scope) => change({ scope })}
        />
      )}
      <div className="mw-form-fields">
        <SwitchField
          label="Hard"
          help="Refuses decisions (check, consume, reservations) when nothing is left. Recorded events are never refused."
          on={draft.hard}
          onChange={(hard) => change({ hard })}
        />
        {draft.hard && (
          <SwitchField
            label="Allow models without a price"
            help="Their cost is not known, so without this they are refused."
            on={draft.allowUnpriced}
            onChange={(allowUnpriced) => change({ allowUnpriced })}
          />
        )}
        <TextField
          name="thresholds"
          label="Tell at, percent"
          help="An alert is raised once a period when the spend passes each of them."
          placeholder="50, 80, 95, 100"
          value={draft.thresholds}
          problem={problems.thresholds}
          onChange={(thresholds) => change({ thresholds })}
        />
      </div>
      <ChannelChoice chosen={draft.channels} onChange={(channels) => change({ channels })} />
    </Form>
  );
}

interface PartProps {
  draft: BudgetDraft;
  problems: BudgetProblems;
  onChange: (part: Partial<BudgetDraft>) => void;
}

function What({ draft, problems, onChange }: PartProps) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        help="How alerts and refusals call it."
        placeholder="Support"
        value={draft.name}
        problem={problems.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        name="amount"
        label="Amount, US dollars"
        help="How much may be spent in each period."
        placeholder="250.00"
        kind="decimal"
        value={draft.amount}
        problem={problems.amount}
        onChange={(amount) => onChange({ amount })}
      />
    </>
  );
}

function When({ draft, problems, onChange, tenantZone }: PartProps & { tenantZone: string }) {
  const zonesId = useId();
  return (
    <>
      <ChoiceField
        label="Period"
        help={PERIOD_HELP[draft.period]}
        choices={PERIOD_LABEL}
        value={draft.period}
        onChange={(period) => onChange({ period })}
      />
      {draft.period === 'custom' && (
        <>
          <TextField
            name="anchor"
            label="First day"
            help="The first period begins with it."
            kind="date"
            value={draft.anchor}
            problem={problems.anchor}
            onChange={(anchor) => onChange({ anchor })}
          />
          <TextField
            name="days"
            label="Days"
            help="How long each period is."
            kind="decimal"
            value={draft.days}
            problem={problems.days}
            onChange={(days) => onChange({ days })}
          />
        </>
      )}
      <TextField
        name="zone"
        label="Zone"
        help="Where the days of its periods begin. Left empty it is the tenant’s."
        placeholder={tenantZone}
        list={zonesId}
        value={draft.zone}
        problem={problems.zone}
        onChange={(zone) => onChange({ zone })}
      />
      <datalist id={zonesId}>
        {knownZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
