'use client';

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { Icon } from '../Icon/Icon.tsx';

export interface Note {
  text: string;
  /** Something that can be done about it, such as `Undo`. */
  action?: { label: string; run: () => void };
}

type Say = (note: Note | string) => void;

const NoticeContext = createContext<Say>(() => {});

const SHOWN_MS = 8_000;

/** Tells what has been done, to the eye and, politely, to a screen reader, wherever on the page it happened. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<(Note & { at: number }) | null>(null);
  const [holding, setHolding] = useState(false);
  const say = useMemo<Say>(() => {
    let at = 0;
    return (said) => {
      at += 1;
      setNote({ ...(typeof said === 'string' ? { text: said } : said), at });
    };
  }, []);
  useEffect(() => {
    if (!note || holding) return;
    const timer = setTimeout(() => setNote(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note, holding]);
  const close = () => {
    setNote(null);
    setHolding(false);
  };
  return (
    <NoticeContext.Provider value={say}>
      {children}
      <div className="mw-notice-place">
        <div role="status">
          {note && (
            <div
              className="mw-notice"
              key={note.at}
              // Who reads or reaches for it is not hurried.
              onPointerEnter={() => setHolding(true)}
              onPointerLeave={() => setHolding(false)}
              onFocus={() => setHolding(true)}
              onBlur={() => setHolding(false)}
            >
              <Icon name="check" />
              <span className="mw-notice-text">{note.text}</span>
              {note.action && (
                <button
                  type="button"
                  className="mw-notice-button"
                  onClick={() => {
                    note.action?.run();
                    close();
                  }}
                >
                  {note.action.label}
                </button>
              )}
              <button
                type="button"
                className="mw-notice-button"
                aria-label="Close this message"
                onClick={close}
              >
                <Icon name="close" />
              </button>
            </div>
          )}
        </div>
      </div>
    </NoticeContext.Provider>
  );
}

export function useNotice(): Say {
  return useContext(NoticeContext);
}
