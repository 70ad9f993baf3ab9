import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { PricesTable } from './PricesTable.tsx';

export default {
  title: 'Settings/PricesTable',
  component: PricesTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof PricesTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof PricesTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove)/);
export const Importing: Story = press(/^Import/);
