'use client';

import { useEffect, useState } from 'react';

/**
 * For something that opens in place and closes again: gives the focus back to what had it before, where closing would
 * throw a keyboard to the top of the page.
 */
export function useReturnFocus(): void {
  const [opener] = useState(() => (typeof document === 'undefined' ? null : document.activeElement));
  useEffect(
    () => () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    },
    [opener],
  );
}
