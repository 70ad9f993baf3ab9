'use client';

import { type ReactNode, useId } from 'react';
import { useIsSample } from '../../hooks/useSource.ts';
import { SampleBadge } from '../SourceNotice/SampleBadge.tsx';
import { SourceNotice } from '../SourceNotice/SourceNotice.tsx';

export interface CardProps {
  title: string;
  /** One sentence under the title. */
  summary?: ReactNode;
  actions?: ReactNode;
  /** While newer numbers are on their way the shown ones are dimmed. */
  busy?: boolean;
  className?: string;
  /** Whether it shows made-up numbers; where it is absent, whether anything does. */
  sample?: boolean;
  children: ReactNode;
}

/** A titled part of a page. */
export function Card(props: CardProps) {
  const { title, summary, actions, busy = false, className = '', children } = props;
  const titleId = useId();
  const anySample = useIsSample();
  const isSample = props.sample ?? anySample;
  return (
    <section
      className={`mw-card ${isSample ? 'mw-sample' : ''} ${className}`}
      aria-labelledby={titleId}
      aria-busy={busy}
    >
      <SourceNotice />
      <header className="mw-card-head">
        <div className="mw-card-words">
          <h2 className="mw-card-title" id={titleId}>
            {title}
            {isSample && <SampleBadge />}
          </h2>
          {summary && <p className="mw-card-summary">{summary}</p>}
        </div>
        {actions && <div className="mw-card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
