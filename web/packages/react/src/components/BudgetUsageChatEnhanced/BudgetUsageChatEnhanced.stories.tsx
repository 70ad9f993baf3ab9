import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BudgetUsageChatEnhanced } from './BudgetUsageChatEnhanced.tsx';

export default {
  title: 'Budgets/BudgetUsageChatEnhanced',
  component: BudgetUsageChatEnhanced,
  args: { workspaceId: 'support-bot' },
} satisfies Meta<ComponentProps<typeof BudgetUsageChatEnhanced>>;

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

export const ModelCosts: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = { args: { tab: 'models' } };
export const Insights: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = { args: { tab: 'insights' } };
export const WholeTenant: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { workspaceId: undefined },
};
export const LongModelCosts: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { tab: 'models' },
  parameters: { world: 'long names' },
};
export const ManyModelCosts: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { tab: 'models' },
  parameters: { world: 'ten thousand rows' },
};
export const HugeModelCosts: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { tab: 'models' },
  parameters: { world: 'huge' },
};
export const LongInsights: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { tab: 'insights' },
  parameters: { world: 'long names' },
};
export const HugeInsights: Story<ComponentProps<typeof BudgetUsageChatEnhanced>> = {
  args: { tab: 'insights' },
  parameters: { world: 'huge' },
};
