'use client';

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useUnsaved } from '../../hooks/useUnsaved.ts';
import { DiscardDialog } from './DiscardDialog.tsx';

/** Goes on, at once or when whoever entered something has agreed to lose it. */
type Leave = (then: () => void) => void;

const GuardContext = createContext<{ current: Leave | null } | null>(null);

export interface Opened<What> {
  opened: What | null;
  /** Opens another thing, or nothing. Where the form that is open holds something unsaved it asks first. */
  open: (what: What | null) => void;
  /** Closes without asking: what was entered is saved, or was given up. */
  close: () => void;
  /** Stands around what is opened. */
  around: (children: ReactNode) => ReactNode;
}

/** A place where one thing at a time is opened, such as a form. */
export function useOpened<What>(begins: What | null = null): Opened<What> {
  const [opened, setOpened] = useState(begins);
  const guard = useRef<Leave | null>(null);
  return {
    opened,
    open: (what) => {
      if (guard.current) guard.current(() => setOpened(what));
      else setOpened(what);
    },
    close: () => setOpened(null),
    around: (children) => <GuardContext.Provider value={guard}>{children}</GuardContext.Provider>,
  };
}

/** For a form: how it is left, and the question that may come before. */
export function useLeaving({ holds, busy }: { holds: boolean; busy: boolean }): {
  leave: Leave;
  /** What was entered is saved, so that nothing is asked on the way elsewhere. */
  release: () => void;
  dialog: ReactNode;
} {
  const [waiting, setWaiting] = useState<{ then: () => void } | null>(null);
  const guard = useContext(GuardContext);
  const release = useUnsaved(holds);
  const leave: Leave = (then) => {
    // What was begun is waited for: leaving would hide how it ends.
    if (busy) return;
    if (holds) setWaiting({ then });
    else then();
  };
  useEffect(() => {
    if (!guard) return;
    guard.current = leave;
    return () => {
      guard.current = null;
    };
  });
  const dialog = (
    <DiscardDialog
      open={waiting !== null}
      onStay={() => setWaiting(null)}
      onDiscard={() => {
        setWaiting(null);
        waiting?.then();
      }}
    />
  );
  return { leave, release, dialog };
}
