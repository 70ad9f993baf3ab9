'use client';

import { useEffect, useState } from 'react';
import { Icon } from '../Icon/Icon.tsx';

type CopyState = 'idle' | 'copied' | 'failed';

const SHOW_COPIED_MS = 2_000;

/** Text to take to a shell, with a button that copies it and says whether that worked. */
export function CopyBlock({ label, text }: { label: string; text: string }) {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), SHOW_COPIED_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // Browsers give no clipboard to pages on plain http from another machine.
      setState('failed');
    }
  };

  return (
    <div className="mw-copy">
      {/* A scrolling region must be reachable by keyboard. */}
      <pre className="mw-copy-text" role="region" aria-label={label} tabIndex={0}>
        <code>{text}</code>
      </pre>
      <div className="mw-copy-foot">
        <button type="button" className="mw-button" onClick={copy}>
          <Icon name={state === 'copied' ? 'check' : 'copy'} />
          {state === 'copied' ? 'Copied' : 'Copy'}
        </button>
        <span className="mw-copy-note" role="status">
          {state === 'copied' && <span className="mw-hidden">Copied</span>}
          {state === 'failed' && 'Copying is not allowed here. Select the text instead.'}
        </span>
      </div>
    </div>
  );
}
