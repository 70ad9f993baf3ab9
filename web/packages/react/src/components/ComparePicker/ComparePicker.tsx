'use client';

import { type FormEvent, useId, useState } from 'react';
import {
  COMPARE_LABEL,
  COMPARE_NAMES,
  type CompareChoice,
  type CompareName,
  compareText,
  daysBefore,
} from '../../logic/compare.ts';
import { daySpan } from '../../logic/dates.ts';
import { addDays, customRange } from '../../logic/range.ts';
import { Popover } from '../Popover/Popover.tsx';

export interface ComparePickerProps {
  choice: CompareChoice;
  /** The days that are shown, to begin a custom comparison from. */
  days: { from: string; to: string };
  onChange: (choice: CompareChoice) => void;
}

/** What the range is set beside: the period before, last year, other days, each by date or by weekday, or nothing. */
export function ComparePicker({ choice, days, onChange }: ComparePickerProps) {
  const text = choice.with === 'custom' ? daySpan(choice.from, addDays(choice.to, -1)) : compareText(choice);
  return (
    <Popover icon="compare" text={text} label={`Compared with, ${text}`} active={choice.with !== 'none'}>
      {(close) => (
        <CompareForm
          choice={choice}
          days={days}
          onChange={(next) => {
            onChange(next);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function CompareForm({ choice, days, onChange }: ComparePickerProps) {
  const [name, setName] = useState<CompareName>(choice.with);
  const [byWeekday, setByWeekday] = useState('byWeekday' in choice && choice.byWeekday);
  const before =
    choice.with === 'custom' ? { first: choice.from, last: addDays(choice.to, -1) } : daysBefore(days);
  const [first, setFirst] = useState(before.first);
  const [last, setLast] = useState(before.last);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === 'none') onChange({ with: 'none' });
    else if (name !== 'custom') onChange({ with: name, byWeekday });
    else {
      const result = customRange(first, last);
      if ('problem' in result) setProblem(result.problem);
      else if ('from' in result.range) onChange({ with: 'custom', ...result.range });
    }
  };
  return (
    <form className="mw-custom" onSubmit={submit} noValidate>
      <fieldset className="mw-choices">
        <legend className="mw-hidden">Compared with</legend>
        {COMPARE_NAMES.map((one) => (
          <label className="mw-choice" key={one}>
            <input type="radio" name={`${id}-with`} checked={name === one} onChange={() => setName(one)} />
            <span>{COMPARE_LABEL[one]}</span>
          </label>
        ))}
      </fieldset>
      {(name === 'previous' || name === 'last_year') && (
        <label className="mw-choice">
          <input
            type="checkbox"
            checked={byWeekday}
            onChange={(event) => setByWeekday(event.target.checked)}
          />
          <span>Match weekdays: Mondays meet Mondays</span>
        </label>
      )}
      {name === 'custom' && (
        <>
          <label className="mw-field">
            <span>First day</span>
            <input type="date" value={first} onChange={(event) => setFirst(event.target.value)} />
          </label>
          <label className="mw-field">
            <span>Last day</span>
            <input type="date" value={last} onChange={(event) => setLast(event.target.value)} />
          </label>
        </>
      )}
      {problem && (
        <p className="mw-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="mw-button mw-button-strong">
        Compare
      </button>
    </form>
  );
}
