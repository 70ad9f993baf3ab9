import { ReconciliationOverview, type ReconcileState } from '@meterwire/react';
import { reconcileFromSearch, searchFromReconcile } from '../moneySearch.ts';
import { usePageState } from '../pageState.ts';
import { SignedIn } from '../shell/SignedIn.tsx';

const same = (state: ReconcileState): ReconcileState => state;

/** What the providers report beside what was recorded. */
export function ReconcilePage() {
  const { state, setState, setTenant } = usePageState(
    '/reconcile',
    reconcileFromSearch,
    searchFromReconcile,
    same,
  );
  return (
    <SignedIn page="Reconcile" onTenantChange={setTenant}>
      {(me) => <ReconciliationOverview me={me} state={state} onStateChange={setState} />}
    </SignedIn>
  );
}
