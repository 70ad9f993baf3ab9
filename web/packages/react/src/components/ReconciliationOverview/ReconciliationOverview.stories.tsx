import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { ReconciliationOverview } from './ReconciliationOverview.tsx';

export default {
  title: 'Budgets/ReconciliationOverview',
  component: ReconciliationOverview,
  args: { me: me(), state: {}, onStateChange: () => {} },
} satisfies Meta<ComponentProps<typeof ReconciliationOverview>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  OneRow,
  RightToLeft,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
