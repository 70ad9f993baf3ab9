import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { UsageLogTable } from './UsageLogTable.tsx';

export default { title: 'Usage/UsageLogTable', component: UsageLogTable, args: { tz: 'UTC' } } satisfies Meta<
  ComponentProps<typeof UsageLogTable>
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
