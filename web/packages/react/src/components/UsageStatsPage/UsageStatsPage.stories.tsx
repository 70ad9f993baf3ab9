import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_STATS } from '../../logic/usageStats.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsageStatsPage } from './UsageStatsPage.tsx';

export default {
  title: 'Usage/UsageStatsPage',
  component: UsageStatsPage,
  args: { me: me(), state: DEFAULT_STATS, onStateChange: () => {}, origin: 'https://meter.example' },
} satisfies Meta<ComponentProps<typeof UsageStatsPage>>;

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

export const Stacked: Story<ComponentProps<typeof UsageStatsPage>> = {
  args: { state: { ...DEFAULT_STATS, stack: 'model', mode: 'running' } },
};
