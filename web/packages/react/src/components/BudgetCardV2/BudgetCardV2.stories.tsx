import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { BudgetCardV2 } from './BudgetCardV2.tsx';

export default {
  title: 'Budgets/BudgetCardV2',
  component: BudgetCardV2,
  args: { workspaceId: 'support-bot' },
} satisfies Meta<ComponentProps<typeof BudgetCardV2>>;

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
