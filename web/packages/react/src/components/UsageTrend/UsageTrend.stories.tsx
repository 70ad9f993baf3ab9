import type { ComponentProps } from 'react';
import { DEFAULT_STATS } from '../../logic/usageStats.ts';
import { DEFAULT_COMPARE } from '../../logic/compare.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsageTrend } from './UsageTrend.tsx';

export default {
  title: 'Usage/UsageTrend',
  component: UsageTrend,
  args: { state: DEFAULT_STATS, onStateChange: () => {}, compare: DEFAULT_COMPARE },
} satisfies Meta<ComponentProps<typeof UsageTrend>>;

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
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const Stacked: Story<ComponentProps<typeof UsageTrend>> = {
  args: { state: { ...DEFAULT_STATS, stack: 'model' } },
};
export const Cumulative: Story<ComponentProps<typeof UsageTrend>> = {
  args: { state: { ...DEFAULT_STATS, stack: 'provider', mode: 'running' } },
};
export const AsTable: Story = press(/^View as table/);
