import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ProjectBreakdownChart } from './ProjectBreakdownChart.tsx';

export default { title: 'Usage/ProjectBreakdownChart', component: ProjectBreakdownChart } satisfies Meta<
  ComponentProps<typeof ProjectBreakdownChart>
>;

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

/** From an app of one's own, more than fit. */
export const Given: Story<ComponentProps<typeof ProjectBreakdownChart>> = {
  args: {
    data: Array.from({ length: 10_000 }, (_, at) => ({ projectName: `project ${at}`, tokens: 10_000 - at })),
  },
};
export const AsTable: Story = press(/^View as table/);
