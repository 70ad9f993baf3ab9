import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { MiniStat } from './MiniStat.tsx';

type Props = ComponentProps<typeof MiniStat>;

const COLORS = ['blue', 'green', 'yellow', 'red', 'purple'] as const;

export default {
  title: 'Numbers/MiniStat',
  component: MiniStat,
  args: { label: 'Success rate', value: '98.6 %', note: '216 failed', color: 'green' },
} satisfies Meta<Props>;

export const Tile: Story<Props> = {};
export const Tiles: Story<Props> = {
  render: (args) => (
    <div className="mw-tiles">
      {COLORS.map((color) => (
        <MiniStat key={color} {...args} color={color} />
      ))}
    </div>
  ),
};
/** Without a colour it stands in a row of others. */
export const InARow: Story<Props> = {
  render: ({ color: _, ...args }) => (
    <dl className="mw-ministats">
      <MiniStat {...args} />
      <MiniStat label="Cost" value="$312.40" />
    </dl>
  ),
};
export const Huge: Story<Props> = { args: { label: 'Tokens', value: '9,223,372,036,854,775,807' } };
export const Negative: Story<Props> = { args: { label: 'Cost', value: '−$9,223,372,036.854775807' } };
export const LongNames: Story<Props> = {
  args: { label: 'A label that goes on '.repeat(5), note: 'nobody-thought-of-this'.repeat(5) },
};
export const RightToLeft: Story<Props> = {
  args: { label: 'معدل النجاح' },
  parameters: { world: 'right to left' },
};
