import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Skeleton } from './Skeleton.tsx';

type Props = ComponentProps<typeof Skeleton>;

export default {
  title: 'Parts/Skeleton',
  component: Skeleton,
  args: { label: 'usage' },
} satisfies Meta<Props>;

export const Line: Story<Props> = {};
export const Chart: Story<Props> = { args: { className: 'mw-skeleton-chart' } };
export const Table: Story<Props> = { args: { className: 'mw-skeleton-table' } };
export const Totals: Story<Props> = { args: { className: 'mw-skeleton-stats' } };
