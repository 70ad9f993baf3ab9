import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ClosingsTable } from './ClosingsTable.tsx';

export default {
  title: 'Budgets/ClosingsTable',
  component: ClosingsTable,
  args: { canChange: true, zone: 'UTC' },
} satisfies Meta<ComponentProps<typeof ClosingsTable>>;

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

export const Opened: Story = press(/^Show the statement/);
export const Reopening: Story = press(/^Reopen/);
export const OpenedHuge: Story = { parameters: { world: 'huge' }, ...press(/^Show the statement/) };
export const OpenedMany: Story = {
  parameters: { world: 'ten thousand rows' },
  ...press(/^Show the statement/),
};
