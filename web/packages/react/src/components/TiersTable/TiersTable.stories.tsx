import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { TiersTable } from './TiersTable.tsx';

export default {
  title: 'Limits/TiersTable',
  component: TiersTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof TiersTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof TiersTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New)/);
export const Editing: Story = press(/^Edit/);
