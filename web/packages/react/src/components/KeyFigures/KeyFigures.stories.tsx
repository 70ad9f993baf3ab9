import type { ComponentProps } from 'react';
import { DEFAULT_COMPARE } from '../../logic/compare.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { KeyFigures } from './KeyFigures.tsx';

export default {
  title: 'Usage/KeyFigures',
  component: KeyFigures,
  args: { compare: DEFAULT_COMPARE },
} satisfies Meta<ComponentProps<typeof KeyFigures>>;

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

export const NotCompared: Story<ComponentProps<typeof KeyFigures>> = { args: { compare: { with: 'none' } } };
