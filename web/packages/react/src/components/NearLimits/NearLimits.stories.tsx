import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { NearLimits } from './NearLimits.tsx';

export default {
  title: 'Limits/NearLimits',
  component: NearLimits,
  args: { threshold: 0.8, onThresholdChange: () => {}, onUser: () => {} },
} satisfies Meta<ComponentProps<typeof NearLimits>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  OneRow,
  RightToLeft,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
