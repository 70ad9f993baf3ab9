import { DiscardDialog, useHasUnsaved } from '@meterwire/react';
import { type ShouldBlockFn, useBlocker } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Asks before another page, or another tenant, takes the place of a form that holds something nobody has saved. */
export function LeaveGuard() {
  const hasUnsaved = useHasUnsaved();
  const shouldBlockFn = useCallback<ShouldBlockFn>(
    ({ current, next }) => {
      // Whoever is signed out already has nothing left to save.
      if (next.pathname === '/login' || !hasUnsaved()) return false;
      return current.pathname !== next.pathname || tenantIn(current) !== tenantIn(next);
    },
    [hasUnsaved],
  );
  // The forms themselves ask before the window is closed.
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn,
    enableBeforeUnload: false,
    withResolver: true,
  });
  return <DiscardDialog open={status === 'blocked'} onStay={() => reset?.()} onDiscard={() => proceed?.()} />;
}

function tenantIn({ search }: { search: object }): unknown {
  return 'tenant' in search ? search.tenant : undefined;
}
