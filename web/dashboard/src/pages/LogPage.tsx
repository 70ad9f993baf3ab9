import { type EventsState, fromTheTop, LogOverview } from '@meterwire/react';
import { usePageState } from '../pageState.ts';
import { SignedIn } from '../shell/SignedIn.tsx';
import { eventsFromSearch, searchFromEvents } from '../usageSearch.ts';

function fresh(state: EventsState): EventsState {
  const { receipt: _, ...rest } = fromTheTop(state);
  return rest;
}

/** Every event, a page at a time, and each of them whole. */
export function LogPage() {
  const { state, setState, setTenant } = usePageState('/log', eventsFromSearch, searchFromEvents, fresh);
  return (
    <SignedIn page="Log" onTenantChange={setTenant}>
      {(me) => <LogOverview me={me} state={state} onStateChange={setState} />}
    </SignedIn>
  );
}
