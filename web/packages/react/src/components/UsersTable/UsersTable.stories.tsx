import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { UsersTable } from './UsersTable.tsx';

export default {
  title: 'Limits/UsersTable',
  component: UsersTable,
  args: { canChange: true, user: undefined, onUserChange: () => {} },
} satisfies Meta<ComponentProps<typeof UsersTable>>;

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
