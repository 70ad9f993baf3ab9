import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { MetricsTable } from './MetricsTable.tsx';

export default {
  title: 'Limits/MetricsTable',
  component: MetricsTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof MetricsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof MetricsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove)/);
