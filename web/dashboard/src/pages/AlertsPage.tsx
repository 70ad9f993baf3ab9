import { AlertsOverview, type AlertsState } from '@meterwire/react';
import { alertsFromSearch, searchFromAlerts } from '../moneySearch.ts';
import { usePageState } from '../pageState.ts';
import { SignedIn } from '../shell/SignedIn.tsx';

const fresh = ({ tab }: AlertsState): AlertsState => ({ tab });

/** What is told, to whom, and whether it arrived. */
export function AlertsPage() {
  const { state, setState, setTenant } = usePageState('/alerts', alertsFromSearch, searchFromAlerts, fresh);
  return (
    <SignedIn page="Alerts" onTenantChange={setTenant}>
      {(me) => <AlertsOverview me={me} state={state} onStateChange={setState} />}
    </SignedIn>
  );
}
