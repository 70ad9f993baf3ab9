import type { ReactNode } from 'react';

/** Nothing happened in this range, which is an answer, not an error. */
export function EmptyRange({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="mw-state mw-state-empty">
      <p className="mw-state-text">{children}</p>
      {action}
    </div>
  );
}
