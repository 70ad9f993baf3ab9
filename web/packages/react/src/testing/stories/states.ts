import type { WorldState } from './reshape.ts';
import type { Story } from './types.ts';

/**
 * The states that components which ask a server share. A story file exports those that its component can be in:
 * `export { Empty, Loading } from '../../testing/stories/states.ts';`
 */
const inWorld = (world: WorldState): Story => ({ parameters: { world } });

/** Asked just now, with the stream open. */
export const Live: Story = {};
/** The answer is not there yet. */
export const Loading = inWorld('loading');
/** There is nothing. */
export const Empty = inWorld('empty');
/** The server fails. */
export const Failed = inWorld('failed');
/** The key is not taken any more. */
export const Refused = inWorld('refused');
/** Made-up numbers stand in. */
export const Sample = inWorld('sample');
/** The last numbers, as the server is gone now. */
export const Stale = inWorld('stale');
export const OneRow = inWorld('one row');
export const TenThousandRows = inWorld('ten thousand rows');
export const LongNames = inWorld('long names');
export const Negative = inWorld('negative');
export const Huge = inWorld('huge');
/** In a page that is written from right to left, with such names. */
export const RightToLeft = inWorld('right to left');
