'use client';

import type { Budget, BudgetSplit } from '@meterwire/client';
import { useState } from 'react';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { readAmount } from '../../logic/budget/input.ts';
import { SCOPE_LABEL, SCOPE_NAMES, type ScopeName } from '../../logic/budget/words.ts';
import { formatUsd } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { ChoiceField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';
import { Icon } from '../Icon/Icon.tsx';
import { useNotice } from '../Notice/Notice.tsx';

interface Line {
  key: number;
  value: string;
  amount: string;
}

const MAX_PARTS = 100;

/** Hands a budget out over departments or the like: all parts are made, or none. */
export function SplitForm({ budget, onDone }: { budget: Budget; onDone: () => void }) {
  const say = useNotice();
  const free = SCOPE_NAMES.filter((name) => budget.scope[name] === undefined);
  const [by, setBy] = useState<ScopeName>(
    free.includes('department') ? 'department' : (free[0] ?? 'project'),
  );
  const [lines, setLines] = useState<Line[]>([line(0), line(1)]);
  const [problem, setProblem] = useState<string>();
  const split = useMoneyChange((client, parts: BudgetSplit, options) =>
    client.budgets.split(budget.id, parts, options),
  );
  const change = (key: number, part: Partial<Line>) => {
    setProblem(undefined);
    setLines(lines.map((one) => (one.key === key ? { ...one, ...part } : one)));
  };
  const save = () => {
    const read = readParts(lines);
    if ('problem' in read) {
      setProblem(read.problem);
      return read.field;
    }
    split.mutate(
      { by, parts: read.parts },
      {
        onSuccess: () => {
          onDone();
          say(`Split ${budget.name} into ${countOf(read.parts.length, 'part')}.`);
        },
      },
    );
    return undefined;
  };
  return (
    <div className="mw-inset">
      <Form
        label={`Split the budget ${budget.name}`}
        saveLabel="Split"
        busy={split.isPending}
        error={split.error}
        onSave={save}
        onCancel={onDone}
      >
        <div className="mw-form-fields">
          <ChoiceField
            label="Split by"
            help={`Each part is a budget of its own with the same period. Together they are at most ${formatUsd(budget.amount_usd)}.`}
            choices={
              Object.fromEntries(free.map((name) => [name, SCOPE_LABEL[name]])) as Record<ScopeName, string>
            }
            value={by}
            onChange={setBy}
          />
        </div>
        <fieldset className="mw-scope">
          <legend className="mw-limit-label">Parts, each in US dollars or percent (40 %)</legend>
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
                value={value}
                onChange={(event) => change(key, { value: event.target.value })}
              />
              <input
                className="mw-input"
                type="text"
                name={`amount-${key}`}
                autoComplete="off"
                placeholder="100.00"
                aria-label={`Amount of part ${index + 1}`}
                value={amount}
                onChange={(event) => change(key, { amount: event.target.value })}
              />
              <button
                type="button"
                className="mw-button mw-button-icon"
                aria-label={`Remove part ${index + 1}`}
                onClick={() => setLines(lines.filter((one) => one.key !== key))}
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
                onClick={() => setLines([...lines, line((lines.at(-1)?.key ?? 0) + 1)])}
              >
                Add a part
              </button>
            </div>
          )}
        </fieldset>
      </Form>
    </div>
  );
}

function line(key: number): Line {
  return { key, value: '', amount: '' };
}

type ReadParts = { parts: BudgetSplit['parts'] } | { problem: string; field: string | undefined };

/** Lines that were left empty are not parts. */
function readParts(lines: readonly Line[]): ReadParts {
  const parts: BudgetSplit['parts'] = [];
  for (const { key, value, amount } of lines) {
    const name = value.trim();
    if (name === '' && amount.trim() === '') continue;
    if (name === '') return { problem: 'Name each part.', field: `value-${key}` };
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(amount.trim())?.[1];
    if (percent !== undefined) {
      const share = Math.round(Number(percent) * 1e4) / 1e6;
      if (!(share > 0 && share <= 1)) return { problem: 'Enter above 0 to 100 %.', field: `amount-${key}` };
      parts.push({ value: name, share });
      continue;
    }
    const read = readAmount(amount);
    if ('problem' in read) return { problem: read.problem, field: `amount-${key}` };
    parts.push({ value: name, amount_usd: read.value });
  }
  if (parts.length > 0) return { parts };
  return { problem: 'Enter at least one part.', field: lines[0] && `value-${lines[0].key}` };
}
