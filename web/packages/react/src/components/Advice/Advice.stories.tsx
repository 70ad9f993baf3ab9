import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { Advice } from './Advice.tsx';

export default { title: 'Usage/Advice', component: Advice } satisfies Meta<ComponentProps<typeof Advice>>;

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
