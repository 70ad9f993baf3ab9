import type { ComponentProps } from 'react';
import { DEFAULT_COMPARE } from '../../logic/compare.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { CostChange } from './CostChange.tsx';

export default {
  title: 'Usage/CostChange',
  component: CostChange,
  args: { compare: DEFAULT_COMPARE },
} satisfies Meta<ComponentProps<typeof CostChange>>;

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
  Sample,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const AsTable: Story = press(/^View as table/);
