import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { AddressState } from './overviewState.tsx';
import { LoginPage } from './pages/LoginPage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { OverviewPage } from './pages/OverviewPage.tsx';
import { PageError } from './pages/PageError.tsx';
import { PagePending } from './pages/PagePending.tsx';
import { parseSearch, type Search, stringifySearch } from './search.ts';

const rootRoute = createRootRoute({
  component: () => (
    <AddressState>
      <Outlet />
    </AddressState>
  ),
  notFoundComponent: NotFoundPage,
});

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: OverviewPage,
});

const limitsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/limits',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  // Fetched when it is opened: whoever looks at usage does not wait for it.
  component: lazyRouteComponent(() => import('./pages/LimitsPage.tsx'), 'LimitsPage'),
  pendingComponent: PagePending,
});

const budgetsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/budgets',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/BudgetsPage.tsx'), 'BudgetsPage'),
  pendingComponent: PagePending,
});

const departmentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/departments',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/DepartmentsPage.tsx'), 'DepartmentsPage'),
  pendingComponent: PagePending,
});

const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/alerts',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/AlertsPage.tsx'), 'AlertsPage'),
  pendingComponent: PagePending,
});

const reconcileRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reconcile',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/ReconcilePage.tsx'), 'ReconcilePage'),
  pendingComponent: PagePending,
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: LoginPage,
});

export function createDashboardRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([
      overviewRoute,
      limitsRoute,
      budgetsRoute,
      departmentsRoute,
      alertsRoute,
      reconcileRoute,
      loginRoute,
    ]),
    parseSearch,
    stringifySearch,
    defaultErrorComponent: PageError,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
