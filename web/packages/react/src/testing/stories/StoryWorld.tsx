import { QueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { LogProvider, type LogWays } from '../../components/LogLink/LogLink.tsx';
import { NoticeProvider } from '../../components/Notice/Notice.tsx';
import { DEFAULT_VIEW } from '../../logic/range.ts';
import { MeterwireProvider } from '../../state/MeterwireProvider.tsx';
import { fetchFrom } from '../answer.ts';
import { answersIn } from './answers.ts';
import type { Story, StoryParameters } from './types.ts';

/** Numbers lead to the log, as they do in the page. */
const WAYS: LogWays = { hrefOf: () => '#log', open: () => {} };

const NEVER_MS = 600_000;

export interface StoryWorldProps {
  parameters: StoryParameters;
  play?: Story['play'];
  children: ReactNode;
}

/** The server, the view and the direction of writing that a story stands in. It says when nothing changes any more. */
export function StoryWorld({ parameters, play, children }: StoryWorldProps) {
  const { world = 'live', view = DEFAULT_VIEW } = parameters;
  const [{ queryClient, fetch, leave }] = useState(() => {
    let gone = false;
    return {
      queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }),
      fetch: fetchFrom(answersIn(world, () => gone)),
      leave: () => {
        gone = true;
      },
    };
  });
  const steps = [
    ...(world === 'stale'
      ? [
          async () => {
            leave();
            await queryClient.refetchQueries();
          },
        ]
      : []),
    ...(play ? [play] : []),
  ];
  const isReady = useSettled(queryClient, world === 'loading', steps);
  useDirection(world === 'right to left' ? 'rtl' : 'ltr');
  return (
    <div className="story" data-ready={isReady}>
      <MeterwireProvider
        baseUrl="http://meterwire.test"
        fetch={fetch}
        queryClient={queryClient}
        view={view}
        refreshMs={NEVER_MS}
        fallback={world === 'sample' || world === 'stale'}
        live={world !== 'sample'}
      >
        <NoticeProvider>
          <LogProvider ways={WAYS}>{children}</LogProvider>
        </NoticeProvider>
      </MeterwireProvider>
    </div>
  );
}

const LOOK_MS = 30;

/** Whether everything was asked and answered, and each of the steps taken once it was. */
function useSettled(
  queryClient: QueryClient,
  isPending: boolean,
  steps: readonly (() => Promise<void>)[],
): boolean {
  const [isReady, setReady] = useState(false);
  const [left] = useState(() => [...steps]);
  useEffect(() => {
    let busy = false;
    const look = async () => {
      if (busy || (!isPending && queryClient.isFetching() > 0)) return;
      const step = left.shift();
      if (!step) {
        clearInterval(timer);
        setReady(true);
        return;
      }
      busy = true;
      // What goes wrong in a step is an error of the story.
      await step();
      busy = false;
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [queryClient, isPending, left]);
  return isReady;
}

function useDirection(direction: 'ltr' | 'rtl'): void {
  useEffect(() => {
    document.documentElement.dir = direction;
    return () => document.documentElement.removeAttribute('dir');
  }, [direction]);
}
