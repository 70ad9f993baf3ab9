import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { ChannelChoice } from './ChannelChoice.tsx';

export default {
  title: 'Alerts/ChannelChoice',
  component: ChannelChoice,
  args: { chosen: ['c-1'], onChange: () => {} },
} satisfies Meta<ComponentProps<typeof ChannelChoice>>;

export {
  Empty,
  Failed,
  Live,
  Loading,
  LongNames,
  RightToLeft,
  TenThousandRows,
} from '../../testing/stories/states.ts';
