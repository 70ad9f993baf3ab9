import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { AlertRulesTable } from './AlertRulesTable.tsx';

export default {
  title: 'Alerts/AlertRulesTable',
  component: AlertRulesTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof AlertRulesTable>>;

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
} from '../../testing/stories/states.ts';

export const Editing: Story = press(/^Edit/);
