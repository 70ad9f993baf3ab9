import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ChannelsTable } from './ChannelsTable.tsx';

export default {
  title: 'Alerts/ChannelsTable',
  component: ChannelsTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof ChannelsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof ChannelsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove)/);
