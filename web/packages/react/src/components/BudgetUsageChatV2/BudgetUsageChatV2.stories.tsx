import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { BudgetUsageChatV2 } from './BudgetUsageChatV2.tsx';

export default {
  title: 'Budgets/BudgetUsageChatV2',
  component: BudgetUsageChatV2,
  args: { workspaceId: 'support-bot' },
} satisfies Meta<ComponentProps<typeof BudgetUsageChatV2>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  OneRow,
  RightToLeft,
  Sample,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
