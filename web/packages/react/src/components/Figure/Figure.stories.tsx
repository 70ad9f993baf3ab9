import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Figure } from './Figure.tsx';

type Props = ComponentProps<typeof Figure>;

export default {
  title: 'Charts/Figure',
  component: Figure,
  args: { label: '60 calls in 3 days.', children: <p>What is drawn.</p> },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Sample: Story<Props> = { args: { sample: true } };
