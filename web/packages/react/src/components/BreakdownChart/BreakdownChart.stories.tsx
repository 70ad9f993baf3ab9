import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BreakdownChart } from './BreakdownChart.tsx';

export default {
  title: 'Usage/BreakdownChart',
  component: BreakdownChart,
  args: {
    dimension: 'model',
    noun: 'Model',
    title: 'Tokens by model',
    top: 5,
    children: ({ rows }) => (
      <p style={{ overflowWrap: 'anywhere' }}>
        {rows.map(({ name, tokensText }) => `${name}: ${tokensText}`).join(', ')}
      </p>
    ),
  },
} satisfies Meta<ComponentProps<typeof BreakdownChart>>;

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

export const AsTable: Story = press(/^View as table/);
