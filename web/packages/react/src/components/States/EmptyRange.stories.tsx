import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { EmptyRange } from './EmptyRange.tsx';

type Props = ComponentProps<typeof EmptyRange>;

export default {
  title: 'Parts/EmptyRange',
  component: EmptyRange,
  args: { children: 'No event in this range.' },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const WithAction: Story<Props> = {
  args: {
    action: (
      <button type="button" className="mw-button">
        Remove the filters
      </button>
    ),
  },
};
