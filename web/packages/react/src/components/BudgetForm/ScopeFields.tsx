'use client';

import type { BudgetDraft } from '../../logic/budget/input.ts';
import type { ScopeName } from '../../logic/budget/words.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface ScopeFieldsProps {
  scope: BudgetDraft['scope'];
  problem: string | undefined;
  names: readonly ScopeName[];
  labels: Record<ScopeName, string>;
  onChange: (scope: BudgetDraft['scope']) => void;
}

/** What the budget is for: nothing named is everything, and several hold together. */
export function ScopeFields({ scope, problem, names, labels, onChange }: ScopeFieldsProps) {
  const free = names.filter((name) => !scope.some((line) => line.name === name));
  const set = (index: number, part: Partial<BudgetDraft['scope'][number]>) =>
    onChange(scope.map((line, at) => (at === index ? { ...line, ...part } : line)));
  return (
    <fieldset className="mw-scope">
      <legend className="mw-form-label">Only for</legend>
      {scope.length === 0 && <p className="mw-form-help">Everything that the tenant uses.</p>}
      {scope.map(({ name, value }, index) => (
        <div className="mw-scope-line" key={name}>
          <select
            className="mw-select"
            aria-label={`Condition ${index + 1}, what`}
            value={name}
            onChange={(event) => set(index, { name: event.target.value as ScopeName })}
          >
            {names
              .filter((one) => one === name || free.includes(one))
              .map((one) => (
                <option key={one} value={one}>
                  {labels[one]}
                </option>
              ))}
          </select>
          <input
            className="mw-input"
            type="text"
            name="scope"
            autoComplete="off"
            spellCheck={false}
            maxLength={256}
            aria-label={`Condition ${index + 1}, value`}
            aria-invalid={problem !== undefined && value.trim() === ''}
            value={value}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <button
            type="button"
            className="mw-button mw-button-icon"
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => onChange(scope.filter((_, at) => at !== index))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      {problem && <p className="mw-problem">{problem}</p>}
      {free[0] && (
        <div>
          <button
            type="button"
            className="mw-button mw-button-small"
            onClick={() => free[0] && onChange([...scope, { name: free[0], value: '' }])}
          >
            Add a condition
          </button>
        </div>
      )}
    </fieldset>
  );
}
