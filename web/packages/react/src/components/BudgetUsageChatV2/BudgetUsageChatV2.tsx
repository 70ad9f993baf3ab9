'use client';

import { useEffect } from 'react';
import { hasNoCosts, useSpend } from '../../hooks/useSpend.ts';
import type { SpendTab } from '../../logic/budget/state.ts';
import { BudgetUsageChat } from '../BudgetUsageChat/BudgetUsageChat.tsx';
import { BudgetUsageChatEnhanced } from '../BudgetUsageChatEnhanced/BudgetUsageChatEnhanced.tsx';

export interface BudgetUsageChatV2Props {
  workspaceId?: string | undefined;
  tab?: SpendTab;
  onTabChange?: (tab: SpendTab) => void;
}

/** Shows real costs where there are any, and request counts against the limits where there are none. */
export function BudgetUsageChatV2(props: BudgetUsageChatV2Props) {
  const { data, error } = useSpend(props.workspaceId);
  const found = data
    ? data.status.source === 'quota'
      ? 'quota'
      : 'costs'
    : hasNoCosts(error)
      ? 'quota'
      : null;
  useEffect(() => {
    if (found === 'costs') console.info('Usage API detected, using enhanced version');
    if (found === 'quota') console.info('Usage API not available, falling back to quota system');
  }, [found]);
  return found === 'quota' ? <BudgetUsageChat /> : <BudgetUsageChatEnhanced {...props} />;
}
