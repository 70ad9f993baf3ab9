import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { AuditTable } from './AuditTable.tsx';

export default { title: 'Settings/AuditTable', component: AuditTable, args: { zone: 'UTC' } } satisfies Meta<
  ComponentProps<typeof AuditTable>
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
