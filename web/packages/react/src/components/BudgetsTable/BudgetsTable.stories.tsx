import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BudgetsTable } from './BudgetsTable.tsx';

export default {
  title: 'Budgets/BudgetsTable',
  component: BudgetsTable,
  args: { canChange: true, zone: 'UTC', chosen: undefined, onChoose: () => {} },
} satisfies Meta<ComponentProps<typeof BudgetsTable>>;

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
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const ReadOnly: Story<ComponentProps<typeof BudgetsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
