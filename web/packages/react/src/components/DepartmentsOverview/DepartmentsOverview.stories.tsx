import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { DepartmentsOverview } from './DepartmentsOverview.tsx';

export default {
  title: 'Budgets/DepartmentsOverview',
  component: DepartmentsOverview,
  args: { me: me() },
} satisfies Meta<ComponentProps<typeof DepartmentsOverview>>;

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
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
