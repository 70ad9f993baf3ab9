import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { LimitStandings } from './LimitStandings.tsx';

export default {
  title: 'Limits/LimitStandings',
  component: LimitStandings,
  args: { user: 'u-1' },
} satisfies Meta<ComponentProps<typeof LimitStandings>>;

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
