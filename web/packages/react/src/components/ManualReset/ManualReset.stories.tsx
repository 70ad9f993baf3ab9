import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ManualReset } from './ManualReset.tsx';

export default {
  title: 'Limits/ManualReset',
  component: ManualReset,
  args: { label: 'Reset counters' },
} satisfies Meta<ComponentProps<typeof ManualReset>>;

export { Live, LongNames, RightToLeft } from '../../testing/stories/states.ts';

export const Asking: Story = press(/^Reset/);
export const AskingForUser: Story<ComponentProps<typeof ManualReset>> = {
  args: { user: 'u-1' },
  ...press(/^Reset/),
};
