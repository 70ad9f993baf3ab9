'use client';

import { type FormEvent, useId, useState } from 'react';
import { dayInZone, todayInZone } from '../../logic/dates.ts';
import { daysOf, rangeText } from '../../logic/period.ts';
import {
  addDays,
  customRange,
  isOfInstants,
  type Preset,
  PRESETS,
  type RangeChoice,
} from '../../logic/range.ts';
import { Popover } from '../Popover/Popover.tsx';

export interface CustomRangeProps {
  range: RangeChoice;
  tz: string;
  /** The named ranges that have a button of their own. */
  named?: readonly Preset[];
  onApply: (range: RangeChoice) => void;
}

/** First and last day, chosen by hand. The button says what is shown where no other button does. */
export function CustomRange({ range, tz, named = PRESETS, onApply }: CustomRangeProps) {
  const isNamed = 'preset' in range && named.includes(range.preset);
  const text = isNamed ? 'Custom' : rangeText(range, tz);
  const label = isNamed ? 'Custom range' : `Custom range, ${text}`;
  return (
    <Popover icon="calendar" text={text} label={label} active={!isNamed}>
      {(close) => (
        <CustomRangeForm
          initial={daysToEdit(range, tz)}
          onApply={(next) => {
            onApply(next);
            close();
          }}
        />
      )}
    </Popover>
  );
}

/** The days that are shown now, both included, to begin from. */
function daysToEdit(range: RangeChoice, tz: string): { first: string; last: string } {
  if ('preset' in range) {
    const { from, to } = daysOf(range.preset, todayInZone(new Date(), tz));
    return { first: from, last: addDays(to, -1) };
  }
  if (!isOfInstants(range)) return { first: range.from, last: addDays(range.to, -1) };
  const end = new Date(Date.parse(range.to) - 1).toISOString();
  return { first: dayInZone(range.from, tz), last: dayInZone(end, tz) };
}

interface CustomRangeFormProps {
  initial: { first: string; last: string };
  onApply: (range: RangeChoice) => void;
}

function CustomRangeForm({ initial, onApply }: CustomRangeFormProps) {
  const [first, setFirst] = useState(initial.first);
  const [last, setLast] = useState(initial.last);
  const [problem, setProblem] = useState<{ problem: string; field: 'first' | 'last' } | null>(null);
  const problemId = useId();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = customRange(first, last);
    if ('range' in result) onApply(result.range);
    else setProblem(result);
  };
  const describedBy = (field: 'first' | 'last') =>
    problem?.field === field ? { 'aria-invalid': true, 'aria-describedby': problemId } : {};

  return (
    <form className="mw-custom" onSubmit={submit} noValidate>
      <label className="mw-field">
        <span>First day</span>
        <input
          type="date"
          value={first}
          onChange={(event) => setFirst(event.target.value)}
          {...describedBy('first')}
        />
      </label>
      <label className="mw-field">
        <span>Last day</span>
        <input
          type="date"
          value={last}
          onChange={(event) => setLast(event.target.value)}
          {...describedBy('last')}
        />
      </label>
      {problem && (
        <p className="mw-problem" id={problemId} role="alert">
          {problem.problem}
        </p>
      )}
      <button type="submit" className="mw-button mw-button-strong">
        Show these days
      </button>
    </form>
  );
}
