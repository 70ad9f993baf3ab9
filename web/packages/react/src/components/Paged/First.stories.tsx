import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { First } from './First.tsx';

type Props = ComponentProps<typeof First<number>>;

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

export default {
  title: 'Parts/First',
  component: First,
  args: { items: numbers(3), one: 'row', children: (shown) => <p>{shown.join(', ')}</p> },
} satisfies Meta<Props>;

export const Short: Story<Props> = {};
export const TenThousandRows: Story<Props> = { args: { items: numbers(10_000) } };
