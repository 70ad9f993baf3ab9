import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { TenantLimits } from './TenantLimits.tsx';

export default {
  title: 'Limits/TenantLimits',
  component: TenantLimits,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof TenantLimits>>;

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
