import { UsageBoard } from '@meterwire/react';
import { useOverviewState } from '../overviewState.tsx';
import { SignedIn } from '../shell/SignedIn.tsx';

/** The first page: what was used, and what it cost. */
export function OverviewPage() {
  const { state, setMetric, setLog, setTenant } = useOverviewState();
  return (
    <SignedIn page="Overview" onTenantChange={setTenant}>
      {(me) => (
        <UsageBoard
          me={me}
          metric={state.metric}
          onMetricChange={setMetric}
          log={state.log}
          onLogChange={setLog}
          origin={window.location.origin}
        />
      )}
    </SignedIn>
  );
}
