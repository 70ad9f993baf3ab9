'use client';

import type { SpendTab } from '../../logic/budget/state.ts';
import { BudgetUsageChatV2 } from '../BudgetUsageChatV2/BudgetUsageChatV2.tsx';
import { Card } from '../Card/Card.tsx';

export interface BudgetCardV2Props {
  /** A project. Without one it is about the whole tenant. */
  workspaceId?: string | undefined;
  /** Give both to keep the tab in the address; without them the card keeps it itself. */
  tab?: SpendTab;
  onTabChange?: (tab: SpendTab) => void;
}

/** Budget and usage of a workspace: what is spent, on which models, and what could be saved. */
export function BudgetCardV2(props: BudgetCardV2Props) {
  const { workspaceId } = props;
  return (
    <Card title="Budget & Usage" summary={workspaceId ? `Project ${workspaceId}` : 'All projects together'}>
      <BudgetUsageChatV2 {...props} />
    </Card>
  );
}

// Apps that keep a file a component import it by default.
export default BudgetCardV2;
