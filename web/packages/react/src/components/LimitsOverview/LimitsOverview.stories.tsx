import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_LIMITS } from '../../logic/limits/state.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LimitsOverview } from './LimitsOverview.tsx';

export default {
  title: 'Limits/LimitsOverview',
  component: LimitsOverview,
  args: { me: me(), state: DEFAULT_LIMITS, onStateChange: () => {} },
} satisfies Meta<ComponentProps<typeof LimitsOverview>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  OneRow,
  RightToLeft,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const Users: Story<ComponentProps<typeof LimitsOverview>> = {
  args: { state: { ...DEFAULT_LIMITS, tab: 'users' } },
};
export const OneUser: Story<ComponentProps<typeof LimitsOverview>> = {
  args: { state: { ...DEFAULT_LIMITS, tab: 'users', user: 'u-1' } },
};
export const Tiers: Story<ComponentProps<typeof LimitsOverview>> = {
  args: { state: { ...DEFAULT_LIMITS, tab: 'tiers' } },
};
export const Metrics: Story<ComponentProps<typeof LimitsOverview>> = {
  args: { state: { ...DEFAULT_LIMITS, tab: 'metrics' } },
};
/** A member sees itself. */
export const Member: Story<ComponentProps<typeof LimitsOverview>> = {
  args: { me: me({ role: 'member', user: 'u-1' }) },
};
