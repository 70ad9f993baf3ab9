import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ReportsTable } from './ReportsTable.tsx';

export default {
  title: 'Settings/ReportsTable',
  component: ReportsTable,
  args: { canChange: true, zone: 'UTC' },
} satisfies Meta<ComponentProps<typeof ReportsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof ReportsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove)/);
