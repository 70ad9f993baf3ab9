import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_BUDGETS } from '../../logic/budget/state.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BudgetsOverview } from './BudgetsOverview.tsx';

export default {
  title: 'Budgets/BudgetsOverview',
  component: BudgetsOverview,
  args: { me: me(), state: DEFAULT_BUDGETS, onStateChange: () => {} },
} satisfies Meta<ComponentProps<typeof BudgetsOverview>>;

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

export const Opened: Story<ComponentProps<typeof BudgetsOverview>> = {
  args: { state: { ...DEFAULT_BUDGETS, budget: 'b-2' } },
};
export const Spend: Story<ComponentProps<typeof BudgetsOverview>> = {
  args: { state: { ...DEFAULT_BUDGETS, tab: 'spend' } },
};
export const Closings: Story<ComponentProps<typeof BudgetsOverview>> = {
  args: { state: { ...DEFAULT_BUDGETS, tab: 'closings' } },
};
