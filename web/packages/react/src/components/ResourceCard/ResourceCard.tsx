'use client';

import type { ReactNode } from 'react';
import { Card } from '../Card/Card.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';

export interface ResourceCardProps {
  title: string;
  summary: string;
  /** What the button says that opens the form for a new one; without it there is no button. */
  add?: string | false | undefined;
  /** It is what people come here for. */
  strong?: boolean;
  /** Begins with the form open. */
  adding?: boolean;
  form: (close: () => void) => ReactNode;
  children: ReactNode;
}

/** A card with a list of things, and the form above it that makes a new one. */
export function ResourceCard(props: ResourceCardProps) {
  const { title, summary, add, strong = false, adding = false, form, children } = props;
  const { opened, open, close, around } = useOpened<'form'>(adding ? 'form' : null);
  return (
    <Card
      title={title}
      summary={summary}
      actions={
        add && (
          <ToggleButton
            text={add}
            look={strong ? 'strong' : ''}
            open={opened !== null}
            onToggle={(on) => open(on ? 'form' : null)}
          />
        )
      }
    >
      {opened && around(form(close))}
      {children}
    </Card>
  );
}
