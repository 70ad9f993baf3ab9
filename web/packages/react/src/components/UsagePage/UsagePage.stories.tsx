import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsagePage } from './UsagePage.tsx';

export default { title: 'Usage/UsagePage', component: UsagePage } satisfies Meta<
  ComponentProps<typeof UsagePage>
>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  Refused,
  RightToLeft,
  Sample,
  Stale,
} from '../../testing/stories/states.ts';

export const NinetyDays: Story = { args: { days: 90 } };
export const AsTable: Story = press(/^View as table/);
