import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UserLimits } from './UserLimits.tsx';

export default {
  title: 'Limits/UserLimits',
  component: UserLimits,
  args: { user: 'u-1', canChange: true, onClose: () => {} },
} satisfies Meta<ComponentProps<typeof UserLimits>>;

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

export const Editing: Story = press(/^(Edit|Change)/);
