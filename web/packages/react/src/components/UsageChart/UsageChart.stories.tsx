import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsageChart } from './UsageChart.tsx';

export default { title: 'Usage/UsageChart', component: UsageChart, args: { metric: 'cost' } } satisfies Meta<
  ComponentProps<typeof UsageChart>
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

export const AsTable: Story = press(/^View as table/);
