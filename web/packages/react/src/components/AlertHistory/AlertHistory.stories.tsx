import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { AlertHistory } from './AlertHistory.tsx';

export default {
  title: 'Alerts/AlertHistory',
  component: AlertHistory,
  args: { canChange: true, zone: 'UTC', kind: undefined, onKindChange: () => {} },
} satisfies Meta<ComponentProps<typeof AlertHistory>>;

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

export const Snoozing: Story = press(/^Snooze/);
