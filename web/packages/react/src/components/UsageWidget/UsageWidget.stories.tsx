import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { UsageOverview } from './UsageWidget.tsx';

export default {
  title: 'Usage/UsageWidget',
  component: UsageOverview,
  args: { tenantSlug: 'acme' },
} satisfies Meta<ComponentProps<typeof UsageOverview>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  RightToLeft,
  Sample,
  Stale,
} from '../../testing/stories/states.ts';
