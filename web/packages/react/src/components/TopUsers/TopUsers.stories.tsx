import type { ComponentProps } from 'react';
import { metric } from '../../testing/limitsFixtures.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { TopUsers } from './TopUsers.tsx';

export default {
  title: 'Limits/TopUsers',
  component: TopUsers,
  args: {
    metric: metric({ name: 'api_calls' }),
    date: undefined,
    today: '2026-11-22',
    onDateChange: () => {},
    onUser: () => {},
  },
} satisfies Meta<ComponentProps<typeof TopUsers>>;

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
