const isApple =
  typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform || navigator.userAgent);

/** How the shortcut of the command palette is written on this machine. */
export const SHORTCUT = isApple ? '⌘K' : 'Ctrl K';
