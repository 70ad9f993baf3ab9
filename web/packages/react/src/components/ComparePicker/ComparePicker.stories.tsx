import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ComparePicker } from './ComparePicker.tsx';

type Props = ComponentProps<typeof ComparePicker>;

export default {
  title: 'Pickers/ComparePicker',
  component: ComparePicker,
  args: {
    choice: { with: 'previous', byWeekday: false },
    days: { from: '2026-11-16', to: '2026-11-23' },
    onChange: () => {},
  },
} satisfies Meta<Props>;

export const Closed: Story<Props> = {};
export const Open: Story<Props> = press(/./);
export const Custom: Story<Props> = {
  args: { choice: { with: 'custom', from: '2026-10-01', to: '2026-10-08' } },
  ...press(/./),
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' }, ...press(/./) };
