'use client';

import type { Budget, BudgetSplit } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { readAmount } from '../../logic/budget/input.ts';
import { SCOPE_LABEL, SCOPE_NAMES, type ScopeName } from '../../logic/budget/words.ts';
import type { Read } from '../../logic/form.ts';
import { formatUsd } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { ChoiceField } from '../Form/Field.tsx';
import { type Fields, ResourceForm } from '../Form/ResourceForm.tsx';
import { Icon } from '../Icon/Icon.tsx';

interface Line {
  key: number;
  value: string;
  amount: string;
}

interface Draft {
  by: ScopeName;
  lines: Line[];
}

const MAX_PARTS = 100;

/** Hands a budget out over departments or the like: all parts are made, or none. */
export function SplitForm({ budget, onDone }: { budget: Budget; onDone: () => void }) {
  const free = SCOPE_NAMES.filter((name) => budget.scope[name] === undefined);
  const split = useMoneyChange((client, parts: BudgetSplit, options) =>
    client.budgets.split(budget.id, parts, options),
  );
  const by = free.includes('department') ? 'department' : (free[0] ?? 'project');
  return (
    <ResourceForm
      what="split"
      label={`Split the budget ${budget.name}`}
      heading={null}
      saveLabel="Split"
      begin={{ by, lines: [line(0), line(1)] }}
      read={read}
      save={split}
      said={(_, { parts }) => `Split ${budget.name} into ${countOf(parts.length, 'part')}.`}
      onDone={onDone}
    >
      {(fields) => (
        <>
          <div className="mw-form-fields">
            <ChoiceField
              {...fields.choice('by')}
              label="Split by"
              help={`Each part is a budget of its own with the same period. Together they are at most ${formatUsd(budget.amount_usd)}.`}
              choices={
                Object.fromEntries(free.map((name) => [name, SCOPE_LABEL[name]])) as Record<ScopeName, string>
              }
            />
          </div>
          <Lines {...fields} />
        </>
      )}
    </ResourceForm>
  );
}

function Lines({ draft: { by, lines }, problems, change }: Fields<Draft>) {
  const problem = Object.values(problems).find(Boolean);
  const set = (key: number, part: Partial<Line>) =>
    change({ lines: lines.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  return (
    <fieldset className="mw-scope">
      <legend className="mw-form-label">Parts, each in US dollars or percent (40 %)</legend>
      {lines.map(({ key, value, amount }, index) => (
        <div className="mw-scope-line" key={key}>
          <input
            className="mw-input"
            type="text"
            name={`value-${key}`}
            autoComplete="off"
            spellCheck={false}
            maxLength={256}
            placeholder={SCOPE_LABEL[by]}
            aria-label={`${SCOPE_LABEL[by]} of part ${index + 1}`}
            aria-invalid={problems[`value-${key}`] !== undefined}
            value={value}
            onChange={(event) => set(key, { value: event.target.value })}
          />
          <input
            className="mw-input"
            type="text"
            name={`amount-${key}`}
            autoComplete="off"
            placeholder="100.00"
            aria-label={`Amount of part ${index + 1}`}
            aria-invalid={problems[`amount-${key}`] !== undefined}
            value={amount}
            onChange={(event) => set(key, { amount: event.target.value })}
          />
          <button
            type="button"
            className="mw-button mw-button-icon"
            aria-label={`Remove part ${index + 1}`}
            onClick={() => change({ lines: lines.filter((one) => one.key !== key) })}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      {problem && (
        <p className="mw-problem" role="alert">
          {problem}
        </p>
      )}
      {lines.length < MAX_PARTS && (
        <div>
          <button
            type="button"
            className="mw-button mw-button-small"
            onClick={() => change({ lines: [...lines, line((lines.at(-1)?.key ?? 0) + 1)] })}
          >
            Add a part
          </button>
        </div>
      )}
    </fieldset>
  );
}

function line(key: number): Line {
  return { key, value: '', amount: '' };
}

/** Lines that were left empty are not parts. */
function read({ by, lines }: Draft): Read<BudgetSplit> {
  const parts: BudgetSplit['parts'] = [];
  for (const { key, value, amount } of lines) {
    const name = value.trim();
    if (name === '' && amount.trim() === '') continue;
    if (name === '') return { problems: { [`value-${key}`]: 'Name each part.' } };
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(amount.trim())?.[1];
    if (percent !== undefined) {
      const share = Math.round(Number(percent) * 1e4) / 1e6;
      if (!(share > 0 && share <= 1)) return { problems: { [`amount-${key}`]: 'Enter above 0 to 100 %.' } };
      parts.push({ value: name, share });
      continue;
    }
    const exact = readAmount(amount);
    if ('problem' in exact) return { problems: { [`amount-${key}`]: exact.problem } };
    parts.push({ value: name, amount_usd: exact.value });
  }
  if (parts.length > 0) return { value: { by, parts } };
  return { problems: { [`value-${lines[0]?.key ?? 0}`]: 'Enter at least one part.' } };
}
