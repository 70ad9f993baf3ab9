import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ForecastChart } from './ForecastChart.tsx';

export default {
  title: 'Usage/ForecastChart',
  component: ForecastChart,
  parameters: { view: { range: { preset: 'this_month' }, filters: {} } },
  args: { me: me(), metric: 'cost', tz: 'UTC' },
} satisfies Meta<ComponentProps<typeof ForecastChart>>;

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

/** A period that is over has no forecast. */
export const Over: Story = { parameters: { view: { range: { preset: 'last_month' }, filters: {} } } };
export const AsTable: Story = { ...press(/^View as table/) };
