import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ConnectionsTable } from './ConnectionsTable.tsx';

export default {
  title: 'Budgets/ConnectionsTable',
  component: ConnectionsTable,
  args: { canChange: true, zone: 'UTC' },
} satisfies Meta<ComponentProps<typeof ConnectionsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof ConnectionsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|Connect|New)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove)/);
