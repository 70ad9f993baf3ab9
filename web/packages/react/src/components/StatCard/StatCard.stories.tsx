import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { StatCard } from './StatCard.tsx';

type Props = ComponentProps<typeof StatCard>;

export default {
  title: 'Numbers/StatCard',
  component: StatCard,
  args: { title: 'API calls', value: 15_847, change: 12.5, against: '9–15 Nov 2026' },
} satisfies Meta<Props>;

export const Rising: Story<Props> = {};
export const Falling: Story<Props> = { args: { change: -12.5, trend: 'down', icon: 'chart' } };
export const NothingBefore: Story<Props> = { args: { change: null } };
export const Empty: Story<Props> = { args: { value: 0, change: undefined } };
export const Busy: Story<Props> = { args: { busy: true } };
export const Sample: Story<Props> = { args: { sample: true } };
export const Chosen: Story<Props> = { args: { selected: true, onSelect: () => {} } };
export const ToChoose: Story<Props> = { args: { selected: false, onSelect: () => {} } };
export const WithNote: Story<Props> = { args: { note: '3 calls without a price', badWhenMore: true } };
export const Huge: Story<Props> = {
  args: { value: 9.2e18, exact: '9,223,372,036,854,775,807', change: 987_654 },
};
export const Negative: Story<Props> = {
  args: { title: 'Cost', value: '−$9,223,372,036.854775807', change: -99.99 },
};
export const LongNames: Story<Props> = {
  args: {
    title: 'A title that goes on '.repeat(6),
    value: 'nobody-thought-of-this'.repeat(5),
    note: 'note '.repeat(30),
  },
};
export const RightToLeft: Story<Props> = {
  args: { title: 'مكالمات' },
  parameters: { world: 'right to left' },
};
