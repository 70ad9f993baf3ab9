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

const usageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard/$tenantSlug/usage',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/UsagePage.tsx'), 'UsagePage'),
  pendingComponent: PagePending,
});

const logRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/log',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/LogPage.tsx'), 'LogPage'),
  pendingComponent: PagePending,
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

const settingsStartRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/SettingsPage.tsx'), 'SettingsStart'),
  pendingComponent: PagePending,
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/$section',
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: lazyRouteComponent(() => import('./pages/SettingsPage.tsx'), 'SettingsPage'),
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
      usageRoute,
      logRoute,
      limitsRoute,
      budgetsRoute,
      departmentsRoute,
      alertsRoute,
      reconcileRoute,
      settingsStartRoute,
      settingsRoute,
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
