import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Popover } from './Popover.tsx';

type Props = ComponentProps<typeof Popover>;

export default {
  title: 'Parts/Popover',
  component: Popover,
  args: {
    icon: 'download',
    text: 'Export',
    label: 'Export what is shown',
    children: () => <p>What is inside.</p>,
  },
} satisfies Meta<Props>;

export const Closed: Story<Props> = {};
export const Active: Story<Props> = { args: { active: true } };
export const Open: Story<Props> = press(/^Export/);
export const LongNames: Story<Props> = {
  args: {
    text: 'nobody-thought-of-this'.repeat(5),
    label: 'nobody-thought-of-this'.repeat(5),
    children: () => <p>{'A text that goes on. '.repeat(20)}</p>,
  },
  ...press(/^nobody/),
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' }, ...press(/^Export/) };
