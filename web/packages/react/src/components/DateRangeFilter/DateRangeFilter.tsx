'use client';

import { type FormEvent, useId, useState } from 'react';
import { useView } from '../../hooks/useView.ts';
import { daySpan, todayInZone } from '../../logic/dates.ts';
import { addDays, customRange, PRESET_LABEL, PRESETS, type RangeChoice } from '../../logic/range.ts';
import { Popover } from '../Popover/Popover.tsx';

/** Chooses the range that every component under the same provider shows. */
export function DateRangeFilter({ tz }: { tz: string }) {
  const { view, setRange } = useView();
  const name = useId();
  const chosen = 'preset' in view.range ? view.range.preset : null;
  return (
    <div className="mw-range">
      <fieldset className="mw-segments">
        <legend className="mw-hidden">Date range</legend>
        {PRESETS.map((preset) => (
          <label className="mw-segment" key={preset}>
            <input
              type="radio"
              name={name}
              checked={chosen === preset}
              onChange={() => setRange({ preset })}
            />
            <span>{PRESET_LABEL[preset]}</span>
          </label>
        ))}
      </fieldset>
      <CustomRange range={view.range} tz={tz} onApply={setRange} />
    </div>
  );
}

interface CustomRangeProps {
  range: RangeChoice;
  tz: string;
  onApply: (range: RangeChoice) => void;
}

function CustomRange({ range, tz, onApply }: CustomRangeProps) {
  const custom = 'preset' in range ? null : { first: range.from, last: addDays(range.to, -1) };
  const text = custom ? daySpan(custom.first, custom.last) : 'Custom';
  const label = custom ? `Custom range, ${text}` : 'Custom range';
  return (
    <Popover icon="calendar" text={text} label={label} active={custom !== null}>
      {(close) => (
        <CustomRangeForm
          initial={custom ?? lastWeek(todayInZone(new Date(), tz))}
          onApply={(next) => {
            onApply(next);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function lastWeek(today: string): { first: string; last: string } {
  return { first: addDays(today, -6), last: today };
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
