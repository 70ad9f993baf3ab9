'use client';

import { useEffect, useId, useSyncExternalStore } from 'react';
import { useWorstSource } from '../../hooks/useSource.ts';
import { momentText } from '../../logic/source.ts';
import { useMeterwire } from '../../state/context.ts';
import { Icon } from '../Icon/Icon.tsx';
import { SampleHatch } from './SampleHatch.tsx';

export interface SourceNoticeProps {
  /** 0 is the provider's own place, which goes before those of single components. */
  rank?: 0 | 1;
}

/**
 * Says that numbers are made up or out of date, with the reason and a way to try again. It cannot be closed, and stands
 * once however many components could say it.
 */
export function SourceNotice({ rank = 1 }: SourceNoticeProps) {
  const { sources, fallback, live } = useMeterwire();
  const id = useId();
  const worst = useWorstSource();
  const holder = useSyncExternalStore(sources.subscribe, sources.placeHolder, () => undefined);
  useEffect(() => (fallback ? sources.takePlace(id, rank) : undefined), [fallback, sources, id, rank]);
  if (!worst || holder !== id) return null;
  const isSample = worst.source === 'sample';
  return (
    <section
      className={`mw-source-notice ${isSample ? 'mw-source-sample' : ''}`}
      aria-label={isSample ? 'Sample data' : 'Not live'}
    >
      <Icon name="alert" />
      <p className="mw-source-words" role="status">
        <strong>{isSample ? 'Sample data.' : 'Not live.'}</strong>{' '}
        {isSample
          ? 'Every number below is made up; none is yours.'
          : `These are the last numbers, as of ${momentText(worst.asOf)}.`}{' '}
        <span className="mw-source-reason">{worst.reason}</span>
      </p>
      {live && (
        <button type="button" className="mw-button" onClick={() => sources.retryAll()}>
          <Icon name="refresh" />
          Retry
        </button>
      )}
      {isSample && <SampleHatch />}
    </section>
  );
}
