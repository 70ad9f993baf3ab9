import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { BudgetUsageChat } from './BudgetUsageChat.tsx';

export default { title: 'Budgets/BudgetUsageChat', component: BudgetUsageChat } satisfies Meta<
  ComponentProps<typeof BudgetUsageChat>
>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  RightToLeft,
  Sample,
  Stale,
} from '../../testing/stories/states.ts';
