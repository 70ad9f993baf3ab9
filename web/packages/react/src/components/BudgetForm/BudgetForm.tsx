'use client';

import type { Budget, NewBudget } from '@meterwire/client';
import { useState } from 'react';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { type BudgetDraft, changedBudget, draftOf, readBudget } from '../../logic/budget/input.ts';
import { PERIOD_HELP, PERIOD_LABEL, SCOPE_LABEL, SCOPE_NAMES } from '../../logic/budget/words.ts';
import { formatUsd } from '../../logic/money.ts';
import { ChannelChoice } from '../ChannelChoice/ChannelChoice.tsx';
import { ChoiceField, SwitchField, TextField, ZoneField } from '../Form/Field.tsx';
import { type Fields, ResourceForm } from '../Form/ResourceForm.tsx';
import { ScopeFields } from './ScopeFields.tsx';

export interface BudgetFormProps {
  /** What is changed; without it a new one is made. */
  budget?: Budget;
  /** The tenant's zone, which counts where none is named. */
  zone: string;
  onDone: () => void;
}

/** Name, amount, period and scope, what it refuses, and whom it tells. */
export function BudgetForm({ budget, zone, onDone }: BudgetFormProps) {
  // What was there when the form was opened: what somebody else changes meanwhile is not changed back.
  const [before] = useState(budget);
  const save = useMoneyChange((client, wanted: NewBudget, options) => {
    const first = readBudget(draftOf(before));
    if (!before || !('value' in first)) return client.budgets.create(wanted, options);
    return client.budgets.change(before.id, changedBudget(first.value, wanted), options);
  });
  return (
    <ResourceForm
      what="budget"
      name={before?.name}
      begin={draftOf(before)}
      read={readBudget}
      names={{ amount_usd: 'amount', timezone: 'zone' }}
      save={save}
      said={({ name, current }) =>
        before
          ? `Saved the budget ${name}.`
          : `Added the budget ${name}. ${formatUsd(current.spent_usd)} of it is spent already.`
      }
      onDone={onDone}
    >
      {(fields) => (
        <>
          <div className="mw-form-fields">
            <What {...fields} />
            <When {...fields} tenantZone={zone} />
          </div>
          {!before?.is_default && (
            <ScopeFields
              scope={fields.draft.scope}
              problem={fields.problems.scope}
              names={SCOPE_NAMES}
              labels={SCOPE_LABEL}
              onChange={(scope) => fields.change({ scope })}
            />
          )}
          <div className="mw-form-fields">
            <Consequences {...fields} />
          </div>
          <ChannelChoice
            chosen={fields.draft.channels}
            onChange={(channels) => fields.change({ channels })}
          />
        </>
      )}
    </ResourceForm>
  );
}

function What({ text }: Fields<BudgetDraft>) {
  return (
    <>
      <TextField
        {...text('name')}
        label="Name"
        help="How alerts and refusals call it."
        placeholder="Support"
      />
      <TextField
        {...text('amount')}
        label="Amount, US dollars"
        help="How much may be spent in each period."
        placeholder="250.00"
        kind="decimal"
      />
    </>
  );
}

function When({ draft, text, choice, tenantZone }: Fields<BudgetDraft> & { tenantZone: string }) {
  return (
    <>
      <ChoiceField
        {...choice('period')}
        label="Period"
        help={PERIOD_HELP[draft.period]}
        choices={PERIOD_LABEL}
      />
      {draft.period === 'custom' && (
        <>
          <TextField
            {...text('anchor')}
            label="First day"
            help="The first period begins with it."
            kind="date"
          />
          <TextField {...text('days')} label="Days" help="How long each period is." kind="decimal" />
        </>
      )}
      <ZoneField
        {...text('zone')}
        help="Where the days of its periods begin. Left empty it is the tenant’s."
        placeholder={tenantZone}
      />
    </>
  );
}

function Consequences({ draft, text, on }: Fields<BudgetDraft>) {
  return (
    <>
      <SwitchField
        {...on('hard')}
        label="Hard"
        help="Refuses decisions (check, consume, reservations) when nothing is left. Recorded events are never refused."
      />
      {draft.hard && (
        <SwitchField
          {...on('allowUnpriced')}
          label="Allow models without a price"
          help="Their cost is not known, so without this they are refused."
        />
      )}
      <TextField
        {...text('thresholds')}
        label="Tell at, percent"
        help="An alert is raised once a period when the spend passes each of them."
        placeholder="50, 80, 95, 100"
      />
    </>
  );
}
