import type { ComponentProps } from 'react';
import { trendOf } from '../../logic/chart/trend.ts';
import { overview, values } from '../../testing/fixtures.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { TrendChart } from './TrendChart.tsx';

type Props = ComponentProps<typeof TrendChart>;

const DAY_MS = 86_400_000;

function days(count: number, cost: (at: number) => string): Pick<Props, 'answer' | 'trend'> {
  const instant = (at: number) =>
    new Date(Date.UTC(2026, 0, 1) + at * DAY_MS).toISOString().replace('.000', '');
  const answer = overview({
    compared: null,
    from: instant(0),
    to: instant(count),
    buckets: Array.from({ length: count }, (_, at) => ({
      start: instant(at),
      end: instant(at + 1),
      label: instant(at).slice(0, 10),
    })),
    series: Array.from({ length: count }, (_, at) => values({ calls: 10, tokens: 1000, cost_usd: cost(at) })),
  });
  return { answer, trend: trendOf(answer, 'each') };
}

export default {
  title: 'Charts/TrendChart',
  component: TrendChart,
  args: {
    answer: overview(),
    trend: trendOf(overview(), 'each'),
    metric: 'cost',
    granularity: 'day',
    beforeLabel: 'Previous period',
    priceChanges: [],
    onOpen: () => {},
    onZoom: () => {},
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const OneRow: Story<Props> = { args: days(1, () => '4.2') };
export const Empty: Story<Props> = { args: days(7, () => '0') };
export const Year: Story<Props> = { args: days(365, (at) => `${1 + ((at * 7) % 13)}`) };
export const Huge: Story<Props> = { args: days(7, () => '9223372036.854775807') };
export const Negative: Story<Props> = { args: days(7, (at) => `${(at - 3) * 3_000_000_000}`) };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
