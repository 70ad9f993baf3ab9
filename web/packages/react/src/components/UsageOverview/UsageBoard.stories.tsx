import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_LOG } from '../../logic/log.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { UsageOverview } from './UsageOverview.tsx';

export default {
  title: 'Usage/UsageBoard',
  component: UsageOverview,
  args: {
    me: me(),
    metric: 'cost',
    onMetricChange: () => {},
    log: DEFAULT_LOG,
    onLogChange: () => {},
    origin: 'https://meter.example',
  },
} satisfies Meta<ComponentProps<typeof UsageOverview>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  OneRow,
  Refused,
  RightToLeft,
  Sample,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
