import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { DiscardDialog } from './DiscardDialog.tsx';

type Props = ComponentProps<typeof DiscardDialog>;

export default {
  title: 'Parts/DiscardDialog',
  component: DiscardDialog,
  args: { open: true, onStay: () => {}, onDiscard: () => {} },
} satisfies Meta<Props>;

export const Open: Story<Props> = {};
export const Closed: Story<Props> = { args: { open: false } };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
