import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { CopyBlock } from './CopyBlock.tsx';

type Props = ComponentProps<typeof CopyBlock>;

export default {
  title: 'Parts/CopyBlock',
  component: CopyBlock,
  args: {
    label: 'Command',
    text: 'curl \'https://meter.example/api/v1/events\' \\\n  -d \'{"id": "first"}\'',
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const LongNames: Story<Props> = { args: { text: 'nobody-thought-of-this'.repeat(40) } };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
