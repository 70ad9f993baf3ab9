import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { OwnLimits } from './LimitStandings.tsx';

export default { title: 'Limits/OwnLimits', component: OwnLimits } satisfies Meta<
  ComponentProps<typeof OwnLimits>
>;

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
