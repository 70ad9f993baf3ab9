'use client';

import type { Saving } from '../Form/ResourceForm.tsx';

export interface RowButtonProps<Made> {
  text: string;
  busyText: string;
  label: string;
  /** What it does with the row of this id. */
  id: string;
  act: Saving<string, Made>;
  /** What went wrong, where an answer says so. */
  problem?: string | null | undefined;
  onDone: (made: Made) => void;
}

/** A button that does something with its row at once, and says below it what went wrong. */
export function RowButton<Made>(props: RowButtonProps<Made>) {
  const { text, busyText, label, id, act, onDone } = props;
  const problem = act.error?.message ?? props.problem;
  return (
    <span className="mw-row-button">
      <button
        type="button"
        className="mw-button mw-button-small"
        aria-label={label}
        aria-disabled={act.isPending}
        onClick={() => !act.isPending && act.mutate(id, { onSuccess: onDone })}
      >
        {act.isPending ? busyText : text}
      </button>
      {problem && (
        <span className="mw-problem mw-row-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
