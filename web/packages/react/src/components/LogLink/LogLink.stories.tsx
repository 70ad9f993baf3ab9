import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LogLink } from './LogLink.tsx';

type Props = ComponentProps<typeof LogLink>;

export default {
  title: 'Parts/LogLink',
  component: LogLink,
  args: { drill: { range: { preset: '7d' }, filters: {} }, children: '15,847' },
} satisfies Meta<Props>;

export const Link: Story<Props> = {};
/** Where the rows cannot be named. */
export const PlainText: Story<Props> = { args: { drill: null } };
