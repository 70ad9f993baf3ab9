import { type BudgetScope, BudgetsOverview, type BudgetsState, dayInZone } from '@meterwire/react';
import { useNavigate } from '@tanstack/react-router';
import { budgetsFromSearch, searchFromBudgets } from '../moneySearch.ts';
import { useOverviewState } from '../overviewState.tsx';
import { usePageState } from '../pageState.ts';
import { searchFromView } from '../search.ts';
import { SignedIn } from '../shell/SignedIn.tsx';

const fresh = ({ tab, spend }: BudgetsState): BudgetsState => ({ tab, spend });

/** Budgets, what is spent, and closed months. */
export function BudgetsPage() {
  const { state, setState, setTenant } = usePageState(
    '/budgets',
    budgetsFromSearch,
    searchFromBudgets,
    fresh,
  );
  const { view } = useOverviewState().state;
  const navigate = useNavigate();
  const showUsage = ({
    from,
    to,
    zone,
    scope,
  }: {
    from: string;
    to: string;
    zone: string;
    scope: BudgetScope;
  }) => {
    // A team is no dimension of usage: its projects are.
    const { team: _, ...named } = scope;
    const filters = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, [value]]));
    const range = { from: dayInZone(from, zone), to: dayInZone(to, zone) };
    const search = searchFromView({ range, tz: zone, filters, tenant: view.tenant });
    navigate({ to: '/', search: { ...search, metric: 'cost' } });
  };
  return (
    <SignedIn page="Budgets" onTenantChange={setTenant}>
      {(me) => <BudgetsOverview me={me} state={state} onStateChange={setState} onShowUsage={showUsage} />}
    </SignedIn>
  );
}
