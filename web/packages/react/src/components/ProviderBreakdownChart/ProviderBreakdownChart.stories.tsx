import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ProviderBreakdownChart } from './ProviderBreakdownChart.tsx';

export default { title: 'Usage/ProviderBreakdownChart', component: ProviderBreakdownChart } satisfies Meta<
  ComponentProps<typeof ProviderBreakdownChart>
>;

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

export const Given: Story<ComponentProps<typeof ProviderBreakdownChart>> = {
  args: {
    data: [
      { providerName: 'openai', tokens: 4500, cost: 1.2 },
      { providerName: 'anthropic', tokens: 1500, cost: 0.4 },
    ],
  },
};
export const AsTable: Story = press(/^View as table/);
