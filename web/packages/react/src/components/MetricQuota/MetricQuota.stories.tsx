import type { ComponentProps } from 'react';
import { standing, UNLIMITED } from '../../testing/limitsFixtures.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { MetricQuota } from './MetricQuota.tsx';

export default {
  title: 'Limits/MetricQuota',
  component: MetricQuota,
  args: { metric: 'api_calls', standing: standing(), zone: 'UTC', now: new Date('2026-11-22T10:30:00Z') },
} satisfies Meta<ComponentProps<typeof MetricQuota>>;

export const Usual: Story = {};
export const Unlimited: Story<ComponentProps<typeof MetricQuota>> = {
  args: { standing: standing({ ...UNLIMITED, window: 'none', resets_at: null }) },
};
export const Full: Story<ComponentProps<typeof MetricQuota>> = {
  args: {
    standing: standing({ current: 12, remaining: 0, percentage: 120, held: 1 }),
    note: 'The tier allows 10.',
  },
};
export const Huge: Story<ComponentProps<typeof MetricQuota>> = {
  args: {
    unit: 'bytes',
    standing: standing({ current: 9.2e18, limit: 9.2e18, remaining: 0, held: 9.2e18, percentage: 100 }),
  },
};
export const LongName: Story<ComponentProps<typeof MetricQuota>> = {
  args: { metric: 'a_metric_whose_name_is_'.repeat(6), unit: 'things-of-a-kind'.repeat(3) },
};
export const RightToLeft: Story = { parameters: { world: 'right to left' } };
