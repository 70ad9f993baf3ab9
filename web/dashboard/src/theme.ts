import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'meterwire-theme';

const listeners = new Set<() => void>();

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    // A browser may refuse storage altogether; the page then follows the system.
    return 'system';
  }
}

/** Shows a theme now and remembers it where that is allowed. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.mwTheme;
  else root.dataset.mwTheme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered, but shown.
  }
  for (const listener of listeners) listener();
}

function shownTheme(): Theme {
  const shown = document.documentElement.dataset.mwTheme;
  return THEMES.find((theme) => theme === shown) ?? 'system';
}

/** The theme that is shown, whichever part of the page chose it. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shownTheme);
}
