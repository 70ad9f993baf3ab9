import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Meter } from './Meter.tsx';

type Props = ComponentProps<typeof Meter>;

const TONES = ['calm', 'near', 'full', 'good', 'purple', 'yellow'] as const;

export default {
  title: 'Numbers/Meter',
  component: Meter,
  args: { percentage: 70, label: 'Deployments', valueText: '7 of 10, 70 %' },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Held: Story<Props> = { args: { heldPercentage: 20 } };
export const Empty: Story<Props> = { args: { percentage: 0, valueText: '0 of 10' } };
export const Over: Story<Props> = {
  args: { percentage: 987_654, heldPercentage: 99, valueText: 'far over' },
};
export const Negative: Story<Props> = { args: { percentage: -12, valueText: '−12 %' } };
export const Tones: Story<Props> = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 12 }}>
      {TONES.map((tone) => (
        <Meter key={tone} {...args} label={tone} tone={tone} />
      ))}
    </div>
  ),
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
