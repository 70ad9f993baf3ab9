'use client';

import { type ReactNode, useId } from 'react';

export interface CardProps {
  title: string;
  /** One sentence under the title. */
  summary?: ReactNode;
  actions?: ReactNode;
  /** While newer numbers are on their way the shown ones are dimmed. */
  busy?: boolean;
  className?: string;
  children: ReactNode;
}

/** A titled part of a page. */
export function Card({ title, summary, actions, busy = false, className = '', children }: CardProps) {
  const titleId = useId();
  return (
    <section className={`mw-card ${className}`} aria-labelledby={titleId} aria-busy={busy}>
      <header className="mw-card-head">
        <div className="mw-card-words">
          <h2 className="mw-card-title" id={titleId}>
            {title}
          </h2>
          {summary && <p className="mw-card-summary">{summary}</p>}
        </div>
        {actions && <div className="mw-card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
