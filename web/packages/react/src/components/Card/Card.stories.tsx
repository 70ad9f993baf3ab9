import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Card } from './Card.tsx';
import { TableToggle } from './TableToggle.tsx';

type Props = ComponentProps<typeof Card>;

export default {
  title: 'Parts/Card',
  component: Card,
  args: {
    title: 'Calls',
    summary: '60 calls in this range.',
    actions: <TableToggle what="Calls" asTable={false} onChange={() => {}} />,
    children: <p className="mw-state-text">What the card is about.</p>,
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Busy: Story<Props> = { args: { busy: true } };
export const Sample: Story<Props> = { args: { sample: true } };
export const LongNames: Story<Props> = {
  args: { title: 'nobody-thought-of-this'.repeat(5), summary: 'nobody-thought-of-this'.repeat(8) },
};
export const RightToLeft: Story<Props> = {
  args: { title: 'مكالمات' },
  parameters: { world: 'right to left' },
};
