import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { KeysHelp } from './KeysHelp.tsx';

type Props = ComponentProps<typeof KeysHelp>;

export default {
  title: 'Parts/KeysHelp',
  component: KeysHelp,
  args: { open: true, onClose: () => {} },
} satisfies Meta<Props>;

export const Open: Story<Props> = {};
export const Closed: Story<Props> = { args: { open: false } };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
