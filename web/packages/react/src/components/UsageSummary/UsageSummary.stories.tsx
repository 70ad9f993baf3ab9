import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { UsageSummary } from './UsageSummary.tsx';

export default { title: 'Usage/UsageSummary', component: UsageSummary } satisfies Meta<
  ComponentProps<typeof UsageSummary>
>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  RightToLeft,
  Sample,
  Stale,
} from '../../testing/stories/states.ts';

export const Chosen: Story<ComponentProps<typeof UsageSummary>> = {
  args: { selected: 'cost', onSelect: () => {} },
};
