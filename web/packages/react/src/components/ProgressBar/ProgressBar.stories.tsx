import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ProgressBar } from './ProgressBar.tsx';

type Props = ComponentProps<typeof ProgressBar>;

const COLORS = ['blue', 'green', 'yellow', 'red', 'purple'] as const;

export default {
  title: 'Numbers/ProgressBar',
  component: ProgressBar,
  args: { label: 'Requests', value: 4200, max: 5000 },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Colors: Story<Props> = {
  render: () => (
    <>
      {COLORS.map((color) => (
        <ProgressBar key={color} label={color} value={4200} max={5000} color={color} />
      ))}
    </>
  ),
};
export const Empty: Story<Props> = { args: { value: 0 } };
export const Full: Story<Props> = { args: { value: 5000 } };
export const Over: Story<Props> = { args: { value: 9000, color: 'red' } };
export const NothingAllowed: Story<Props> = { args: { value: 0, max: 0 } };
export const Huge: Story<Props> = { args: { value: 9.2e18, max: 9.2e18 } };
export const Negative: Story<Props> = { args: { value: -9.2e9, max: 100, format: (amount) => `$${amount}` } };
export const LongNames: Story<Props> = { args: { label: 'nobody-thought-of-this'.repeat(5) } };
export const RightToLeft: Story<Props> = {
  args: { label: 'طلبات' },
  parameters: { world: 'right to left' },
};
