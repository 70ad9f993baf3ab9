'use client';

import { createContext, type MouseEvent, type ReactNode, useContext } from 'react';
import type { Drill } from '../../logic/drill.ts';

/** How the page around leads to the log. Without one numbers are plain text. */
export interface LogWays {
  hrefOf: (drill: Drill) => string;
  open: (drill: Drill) => void;
}

const LogContext = createContext<LogWays | null>(null);

export function LogProvider({ ways, children }: { ways: LogWays | undefined; children: ReactNode }) {
  return <LogContext.Provider value={ways ?? null}>{children}</LogContext.Provider>;
}

export function useLogWays(): LogWays | null {
  return useContext(LogContext);
}

export interface LogLinkProps {
  /** The rows that the number is made of; null where they cannot be named. */
  drill: Drill | null;
  children: ReactNode;
}

/** A number that leads to the rows it is made of. A real link: it can be opened beside the page and copied. */
export function LogLink({ drill, children }: LogLinkProps) {
  const ways = useLogWays();
  if (!ways || !drill) return <>{children}</>;
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    ways.open(drill);
  };
  return (
    <a className="mw-log-link" href={ways.hrefOf(drill)} title="Show the events" onClick={follow}>
      {children}
    </a>
  );
}
