import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsersSettings } from './UsersSettings.tsx';

export default {
  title: 'Settings/UsersSettings',
  component: UsersSettings,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof UsersSettings>>;

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

export const ReadOnly: Story<ComponentProps<typeof UsersSettings>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New|Declare)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove|Erase)/);
