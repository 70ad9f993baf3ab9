'use client';

import { useId } from 'react';

export interface SegmentsProps<Choice extends string> {
  /** What is chosen, for a screen reader. */
  legend: string;
  choices: readonly { value: Choice; label: string }[];
  /** Null where none of them is shown. */
  chosen: Choice | null;
  onChoose: (choice: Choice) => void;
  /** A pointer leaves the focus to the page, whose arrows mean something else than those of radio buttons. */
  letsGo?: boolean;
}

/** One choice of several, all in sight. */
export function Segments<Choice extends string>({
  legend,
  choices,
  chosen,
  onChoose,
  letsGo = false,
}: SegmentsProps<Choice>) {
  const name = useId();
  return (
    <fieldset className="mw-segments">
      <legend className="mw-hidden">{legend}</legend>
      {choices.map(({ value, label }) => (
        <label className="mw-segment" key={value}>
          <input
            type="radio"
            name={name}
            checked={chosen === value}
            onChange={() => onChoose(value)}
            onClick={(event) => letsGo && event.detail > 0 && event.currentTarget.blur()}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
