import type { ComponentProps } from 'react';
import { metric } from '../../testing/limitsFixtures.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LimitHistory } from './LimitHistory.tsx';

export default {
  title: 'Limits/LimitHistory',
  component: LimitHistory,
  args: { metric: metric({ name: 'api_calls' }), days: 7, onDaysChange: () => {} },
} satisfies Meta<ComponentProps<typeof LimitHistory>>;

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
} from '../../testing/stories/states.ts';

export const AsTable: Story = press(/^View as table/);
