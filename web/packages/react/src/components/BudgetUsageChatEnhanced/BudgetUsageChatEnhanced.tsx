'use client';

import { useState } from 'react';
import { type SpendView, useSpend } from '../../hooks/useSpend.ts';
import { SPEND_TAB_LABEL, SPEND_TABS, type SpendTab } from '../../logic/budget/state.ts';
import { adviceFor } from '../../logic/advice.ts';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
import { SourceNotice } from '../SourceNotice/SourceNotice.tsx';
import { Tabs } from '../Tabs/Tabs.tsx';
import { Insights } from './Insights.tsx';
import { ModelCosts } from './ModelCosts.tsx';
import { SpendOverview } from './SpendOverview.tsx';

export interface BudgetUsageChatEnhancedProps {
  workspaceId?: string | undefined;
  /** Give both to keep the tab in the address; without them it is kept here. */
  tab?: SpendTab;
  onTabChange?: (tab: SpendTab) => void;
}

/** Real costs in three tabs, asked again every half minute. */
export function BudgetUsageChatEnhanced({ workspaceId, tab, onTabChange }: BudgetUsageChatEnhancedProps) {
  const { data, error, isFetching, refetch, source } = useSpend(workspaceId);
  const [ownTab, setOwnTab] = useState<SpendTab>('overview');
  const shown = tab ?? ownTab;
  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
    ) : (
      <Skeleton label="budget and usage" className="mw-skeleton-spend" />
    );
  }
  return (
    <div className={`mw-spend ${source === 'sample' ? 'mw-sample' : ''}`}>
      <SourceNotice />
      {/* What was true a moment ago stays, and says of when it is. */}
      {error && (
        <p className="mw-problem mw-stale" role="alert">
          Not up to date: {adviceFor(error).message}
          <button type="button" className="mw-link" onClick={() => refetch()} aria-disabled={isFetching}>
            {isFetching ? 'Trying again…' : 'Retry'}
          </button>
        </p>
      )}
      <Tabs
        label="Budget and usage"
        tabs={SPEND_TABS.map((name) => ({ name, label: SPEND_TAB_LABEL[name] }))}
        chosen={shown}
        onChoose={onTabChange ?? setOwnTab}
      >
        <Panel
          tab={shown}
          data={data}
          workspaceId={workspaceId}
          fetching={isFetching}
          failed={source !== 'live'}
        />
      </Tabs>
    </div>
  );
}

interface PanelProps {
  tab: SpendTab;
  data: SpendView;
  workspaceId: string | undefined;
  fetching: boolean;
  failed: boolean;
}

function Panel({ tab, data, workspaceId, fetching, failed }: PanelProps) {
  switch (tab) {
    case 'overview':
      return <SpendOverview data={data} fetching={fetching} failed={failed} />;
    case 'models':
      return <ModelCosts comparison={data.comparison} workspaceId={workspaceId} />;
    case 'insights':
      return <Insights intelligence={data.intelligence} />;
  }
}
