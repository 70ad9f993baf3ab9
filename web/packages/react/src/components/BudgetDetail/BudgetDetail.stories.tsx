import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BudgetDetail } from './BudgetDetail.tsx';

export default {
  title: 'Budgets/BudgetDetail',
  component: BudgetDetail,
  args: { id: 'b-2', canChange: true, zone: 'UTC', onClose: () => {}, onShowUsage: () => {} },
} satisfies Meta<ComponentProps<typeof BudgetDetail>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  RightToLeft,
  Stale,
} from '../../testing/stories/states.ts';

export const Editing: Story = press(/^Edit/);
export const Splitting: Story = press(/^Split/);
export const Deleting: Story = press(/^Delete/);
export const AsTable: Story = press(/^View as table/);
