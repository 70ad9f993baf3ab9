'use client';

import type { ReactNode } from 'react';
import { useIsSample } from '../../hooks/useSource.ts';

export interface FigureProps {
  /** What the chart says, in a sentence made from its data. */
  label: string;
  /** Whether it shows made-up numbers; where it is absent, whether anything does. */
  sample?: boolean | undefined;
  children: ReactNode;
}

/** The frame of every chart: named for a screen reader by what it says, and as a sample where it is one. */
export function Figure({ label, sample, children }: FigureProps) {
  const anySample = useIsSample();
  return (
    <figure className="mw-figure" aria-label={(sample ?? anySample) ? `Sample data. ${label}` : label}>
      {children}
    </figure>
  );
}
