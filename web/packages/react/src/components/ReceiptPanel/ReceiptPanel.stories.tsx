import type { ComponentProps } from 'react';
import { logItem } from '../../testing/fixtures.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { ReceiptPanel } from './ReceiptPanel.tsx';

/** An hour ago, as the server of the stories names its events. */
const HOUR_MS = 3_600_000;
const ID = `sample-${Math.floor(Date.now() / HOUR_MS) - 1}-sample-large`;

export default {
  title: 'Usage/ReceiptPanel',
  component: ReceiptPanel,
  args: {
    receipt: { source: 'sample', id: ID },
    items: [logItem({ source: 'sample', id: ID }), logItem({ id: 'b' })],
    tz: 'UTC',
    onOpen: () => {},
    onClose: () => {},
  },
} satisfies Meta<ComponentProps<typeof ReceiptPanel>>;

export {
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  Negative,
  RightToLeft,
} from '../../testing/stories/states.ts';
