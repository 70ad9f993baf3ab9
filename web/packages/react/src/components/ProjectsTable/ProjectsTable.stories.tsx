import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ProjectsTable } from './ProjectsTable.tsx';

export default {
  title: 'Settings/ProjectsTable',
  component: ProjectsTable,
  args: { canChange: true },
} satisfies Meta<ComponentProps<typeof ProjectsTable>>;

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

export const ReadOnly: Story<ComponentProps<typeof ProjectsTable>> = { args: { canChange: false } };
export const Adding: Story = press(/^(Add|New|Declare)/);
export const Editing: Story = press(/^Edit/);
export const Deleting: Story = press(/^(Delete|Remove|Erase)/);
