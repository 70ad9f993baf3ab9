import type { ComponentProps } from 'react';
import type { Meta } from '../../testing/stories/types.ts';
import { UsageSummary } from '../UsageSummary/UsageSummary.tsx';
import { SourceNotice } from './SourceNotice.tsx';

type Props = ComponentProps<typeof SourceNotice>;

/** It speaks of the numbers below it, so there have to be some. */
export default {
  title: 'Parts/SourceNotice',
  component: SourceNotice,
  render: () => <UsageSummary />,
} satisfies Meta<Props>;

export { Live, RightToLeft, Sample, Stale } from '../../testing/stories/states.ts';
