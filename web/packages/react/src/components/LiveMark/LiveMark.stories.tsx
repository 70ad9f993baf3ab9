import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LiveMark } from './LiveMark.tsx';

type Props = ComponentProps<typeof LiveMark>;

export default {
  title: 'Numbers/LiveMark',
  component: LiveMark,
  args: { asOf: '2026-11-22T10:30:05Z', zone: 'UTC', fetching: false, failed: false },
} satisfies Meta<Props>;

export const Live: Story<Props> = {};
export const Asking: Story<Props> = { args: { fetching: true } };
export const Stale: Story<Props> = { args: { failed: true } };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
