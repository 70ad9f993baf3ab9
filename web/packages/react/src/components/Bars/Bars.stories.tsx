import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { type BarPoint, Bars } from './Bars.tsx';

type Props = ComponentProps<typeof Bars>;

const points = (count: number, part: (at: number) => Partial<BarPoint> = () => ({})) =>
  Array.from({ length: count }, (_, at): BarPoint => {
    const value = 100 + ((at * 37) % 60);
    return {
      key: `${at}`,
      name: `Day ${at + 1}`,
      tick: `${at + 1}`,
      value,
      text: `${value} calls`,
      partial: at === count - 1,
      ...part(at),
    };
  });

export default {
  title: 'Charts/Bars',
  component: Bars,
  args: { points: points(14), unit: 'Calls', wholeNumbers: true },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const OneRow: Story<Props> = { args: { points: points(1) } };
export const Empty: Story<Props> = { args: { points: points(7, () => ({ value: 0, text: 'none' })) } };
export const WithMarks: Story<Props> = {
  args: { points: points(6, (at) => ({ mark: 130, markText: '130', over: at % 2 === 0 })) },
};
/** A year of days. */
export const Many: Story<Props> = { args: { points: points(366) } };
export const Huge: Story<Props> = {
  args: {
    points: points(7, (at) => ({ value: 9.2e18 / (at + 1), text: '9,223,372,036,854,775,807 calls' })),
  },
};
export const Negative: Story<Props> = {
  args: {
    wholeNumbers: false,
    points: points(7, (at) => ({ value: (at - 3) * 3e9, text: '−$9,223,372,036.85' })),
  },
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
