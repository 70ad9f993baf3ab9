'use client';

import type { IssuedKey } from '@meterwire/client';
import { useEffect, useRef, useState } from 'react';
import { keyCurl } from '../../logic/settings/keys.ts';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';

export interface NewTokenProps {
  issued: IssuedKey;
  origin: string;
  onClose: () => void;
}

/** The token, shown this once, and a command that uses it. */
export function NewToken({ issued, origin, onClose }: NewTokenProps) {
  const [now] = useState(() => new Date());
  const place = useRef<HTMLElement>(null);
  // What must be kept now is not to be missed: it gets the focus.
  useEffect(() => place.current?.focus(), []);
  const { name, token, role } = issued;
  const records = role === 'ingest' || role === 'owner';
  return (
    <section className="mw-inset mw-token" aria-label={`Token of ${name}`} ref={place} tabIndex={-1}>
      <h3 className="mw-inset-title">The token of {name}</h3>
      <p className="mw-section-text">
        Copy it now: only a hash of it is kept, so nobody can show it again. Whoever has it can use it.
      </p>
      <CopyBlock label={`Token of ${name}, text`} text={token} />
      <p className="mw-section-text">
        {records ? 'This command records a first event with it:' : 'This command asks with it:'}
      </p>
      <CopyBlock label="Command with the new key" text={keyCurl(issued, { origin, now })} />
      <div className="mw-editor-actions">
        <button type="button" className="mw-button" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </section>
  );
}
