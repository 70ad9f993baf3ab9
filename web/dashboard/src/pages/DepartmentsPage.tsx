import { DepartmentsOverview } from '@meterwire/react';
import { usePageState } from '../pageState.ts';
import type { Search } from '../search.ts';
import { SignedIn } from '../shell/SignedIn.tsx';

const nothing = (): Search => ({});

/** Who pays how much. Everything that it shows is the shared view. */
export function DepartmentsPage() {
  const { setTenant } = usePageState('/departments', nothing, nothing, nothing);
  return (
    <SignedIn page="Departments" onTenantChange={setTenant}>
      {(me) => <DepartmentsOverview me={me} />}
    </SignedIn>
  );
}
