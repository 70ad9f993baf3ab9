import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Segments } from './Segments.tsx';

type Props = ComponentProps<typeof Segments<string>>;

const choices = (labels: readonly string[]) => labels.map((label) => ({ value: label, label }));

export default {
  title: 'Parts/Segments',
  component: Segments,
  args: {
    legend: 'Days',
    choices: choices(['7 days', '30 days', '90 days']),
    chosen: '7 days',
    onChoose: () => {},
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const NoneChosen: Story<Props> = { args: { chosen: null } };
export const LetsGo: Story<Props> = { args: { letsGo: true } };
export const LongNames: Story<Props> = {
  args: { choices: choices(['A choice that goes on', 'And another one of these', 'A third']) },
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
