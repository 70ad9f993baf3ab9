import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ZonePicker } from './ZonePicker.tsx';

type Props = ComponentProps<typeof ZonePicker>;

export default {
  title: 'Pickers/ZonePicker',
  component: ZonePicker,
  args: { shown: 'UTC', tenantZone: 'America/Argentina/ComodRivadavia' },
} satisfies Meta<Props>;

export const Closed: Story<Props> = {};
export const LongNames: Story<Props> = { args: { shown: 'America/Argentina/ComodRivadavia' } };
export const Open: Story<Props> = press(/^Time zone/);
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' }, ...press(/^Time zone/) };
