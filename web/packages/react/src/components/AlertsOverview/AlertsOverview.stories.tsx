import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_ALERTS } from '../../logic/alerts/state.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { AlertsOverview } from './AlertsOverview.tsx';

export default {
  title: 'Alerts/AlertsOverview',
  component: AlertsOverview,
  args: { me: me(), state: DEFAULT_ALERTS, onStateChange: () => {} },
} satisfies Meta<ComponentProps<typeof AlertsOverview>>;

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

export const Channels: Story<ComponentProps<typeof AlertsOverview>> = {
  args: { state: { tab: 'channels' } },
};
export const Rules: Story<ComponentProps<typeof AlertsOverview>> = { args: { state: { tab: 'rules' } } };
