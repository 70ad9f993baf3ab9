'use client';

import { useState } from 'react';
import { firstEventCurl } from '../../logic/curl.ts';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';

export interface FirstEventProps {
  origin: string;
  tenant?: string | undefined;
  /** What the key in use is called, to tell a person which one is meant. */
  keyName?: string | undefined;
  /** A viewer or member key cannot write events. */
  canWrite: boolean;
}

/** What a tenant without any event sees: how to send the first one. */
export function FirstEvent({ origin, tenant, keyName, canWrite }: FirstEventProps) {
  const [now] = useState(() => new Date());
  const which = canWrite
    ? `the key that you signed in with${keyName ? ` (${keyName})` : ''}`
    : 'an owner or ingest key: the one that you signed in with may only read';
  return (
    <section className="mw-card mw-first" aria-label="Send the first event">
      <h2 className="mw-first-title">No events yet</h2>
      <p className="mw-first-text">
        Send the first one from a shell. Put {which} into <code>METERWIRE_KEY</code>, then run this. The page
        shows it within half a minute.
      </p>
      <CopyBlock label="Command that sends the first event" text={firstEventCurl({ origin, tenant, now })} />
    </section>
  );
}
