import { QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { UsageView } from '../logic/range.ts';
import { MeterwireProvider } from '../state/MeterwireProvider.tsx';
import { type Answer, fetchFrom } from './answer.ts';
import { breakdown, logPage, me, overview } from './fixtures.ts';

export { type Answer, Refusal } from './answer.ts';

/** What a server with usage would answer to the questions of the first page. */
export const usualAnswers: Answer = (url) => {
  if (url.pathname === '/api/v1/me') return me();
  if (url.pathname === '/api/usage/log') return logPage();
  return url.searchParams.has('group_by') ? breakdown() : overview();
};

export interface ShowOptions {
  answer?: Answer;
  view?: UsageView;
  onViewChange?: (view: UsageView) => void;
  refreshMs?: number;
  /** Whether sample data stands in for what cannot be had; here it does not unless a test is about it. */
  fallback?: boolean;
  live?: boolean;
}

/** Renders below a provider whose server is a function, and records what was asked. */
export function show(
  element: ReactNode,
  {
    answer = usualAnswers,
    view,
    onViewChange,
    refreshMs = 600_000,
    fallback = false,
    live = true,
  }: ShowOptions = {},
) {
  const asked: URL[] = [];
  const fetch = fetchFrom(answer, (url) => asked.push(url));
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const tree = (children: ReactNode) => (
    <MeterwireProvider
      baseUrl="http://meterwire.test"
      fetch={fetch}
      queryClient={queryClient}
      refreshMs={refreshMs}
      fallback={fallback}
      live={live}
      {...(view ? { view } : {})}
      {...(onViewChange ? { onViewChange } : {})}
    >
      {children}
    </MeterwireProvider>
  );
  const rendered = render(tree(element));
  return { ...rendered, asked, queryClient };
}
