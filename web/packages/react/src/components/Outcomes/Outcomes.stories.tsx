import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { Outcomes } from './Outcomes.tsx';

export default { title: 'Usage/Outcomes', component: Outcomes } satisfies Meta<
  ComponentProps<typeof Outcomes>
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
