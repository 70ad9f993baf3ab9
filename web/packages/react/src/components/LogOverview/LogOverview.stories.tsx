import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { DEFAULT_EVENTS, EVENT_FIELDS } from '../../logic/events.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LogOverview } from './LogOverview.tsx';

export default {
  title: 'Usage/LogOverview',
  component: LogOverview,
  args: { me: me(), state: DEFAULT_EVENTS, onStateChange: () => {} },
} satisfies Meta<ComponentProps<typeof LogOverview>>;

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
  Sample,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const AllColumns: Story<ComponentProps<typeof LogOverview>> = {
  args: { state: { ...DEFAULT_EVENTS, fields: EVENT_FIELDS } },
};
/** A key that only writes. */
export const NotForThisKey: Story<ComponentProps<typeof LogOverview>> = {
  args: { me: me({ role: 'ingest' }) },
};
