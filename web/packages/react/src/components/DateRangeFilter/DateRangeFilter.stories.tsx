import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { DateRangeFilter } from './DateRangeFilter.tsx';

type Props = ComponentProps<typeof DateRangeFilter>;

export default {
  title: 'Pickers/DateRangeFilter',
  component: DateRangeFilter,
  args: { tz: 'UTC' },
} satisfies Meta<Props>;

export const Closed: Story<Props> = {};
export const Custom: Story<Props> = {
  parameters: { view: { range: { from: '2026-01-01', to: '2026-12-31' }, filters: {} } },
};
export const Open: Story<Props> = press(/^Custom range/);
export const RightToLeft: Story<Props> = {
  parameters: { world: 'right to left' },
  ...press(/^Custom range/),
};
