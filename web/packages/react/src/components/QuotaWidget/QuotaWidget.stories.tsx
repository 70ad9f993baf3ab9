import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { QuotaWidget } from './QuotaWidget.tsx';

export default {
  title: 'Usage/QuotaWidget',
  component: QuotaWidget,
  args: { tenantSlug: 'acme' },
} satisfies Meta<ComponentProps<typeof QuotaWidget>>;

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
