import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Tabs } from './Tabs.tsx';

type Props = ComponentProps<typeof Tabs<string>>;

const named = (count: number, label = 'Tab') =>
  Array.from({ length: count }, (_, at) => ({ name: `tab-${at}`, label: `${label} ${at + 1}` }));

export default {
  title: 'Parts/Tabs',
  component: Tabs,
  args: {
    label: 'Parts',
    tabs: named(3),
    chosen: 'tab-0',
    onChoose: () => {},
    children: <p>The first part.</p>,
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const ManyTabs: Story<Props> = { args: { tabs: named(12) } };
export const LongNames: Story<Props> = { args: { tabs: named(3, 'A tab that goes on and on') } };
export const RightToLeft: Story<Props> = {
  args: { tabs: named(3, 'علامة') },
  parameters: { world: 'right to left' },
};
