import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { DimensionsTable } from './DimensionsTable.tsx';

export default {
  title: 'Settings/DimensionsTable',
  component: DimensionsTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof DimensionsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof DimensionsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New|Declare)/);
export const Deleting: Story = press(/^(Delete|Remove|Erase)/);
