import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { RankedBars } from './RankedBars.tsx';

export default {
  title: 'Usage/RankedBars',
  component: RankedBars,
  args: { title: 'Top models', dimension: 'model', metric: 'cost' },
} satisfies Meta<ComponentProps<typeof RankedBars>>;

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
