import type { Granularity, UsageBucket, UsageValues } from '@meterwire/client';
import type { BreakdownRow } from '../breakdown.ts';
import { bucketLabel } from '../dates.ts';
import { type ShownMetric, shownValue, spokenValue } from '../metric.ts';
import { countOf } from '../number.ts';

const BUCKET_WORD: Record<Granularity, string> = {
  '15m': 'quarter of an hour',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

export function bucketWord(granularity: Granularity): string {
  return BUCKET_WORD[granularity];
}

/** `Calls by day`, the heading of the chart over time. */
export function overTimeTitle(metricLabel: string, granularity: Granularity): string {
  return `${metricLabel} by ${BUCKET_WORD[granularity]}`;
}

/** One sentence that says what a look at the chart would: `1,234 calls over 7 days, most on Mon 16 Nov 2026 (420).` */
export function describeOverTime(
  metric: ShownMetric,
  granularity: Granularity,
  total: UsageValues,
  buckets: readonly UsageBucket[],
  series: readonly UsageValues[],
): string {
  const span = countOf(buckets.length, BUCKET_WORD[granularity], plural(granularity));
  const whole = `${wholeText(metric, total)} over ${span}`;
  const unpriced = metric === 'cost' ? unpricedSentence(total.unpriced_calls ?? 0) : '';
  let peak = -1;
  let peakNumber = 0;
  series.forEach((values, index) => {
    const { number } = shownValue(values, metric);
    if (number > peakNumber) {
      peak = index;
      peakNumber = number;
    }
  });
  const bucket = buckets[peak];
  const values = series[peak];
  if (!bucket || !values) return `${whole}.${unpriced}`;
  const when = granularity === 'week' ? 'in the' : granularity === 'month' ? 'in' : 'on';
  const label = bucketLabel(bucket.label, granularity);
  return `${whole}, most ${when} ${granularity === 'week' ? label.replace('Week', 'week') : label} (${shownValue(values, metric).text}).${unpriced}`;
}

function wholeText(metric: ShownMetric, total: UsageValues): string {
  return metric === 'cost' ? shownValue(total, metric).text : spokenValue(total, metric);
}

function unpricedSentence(calls: number): string {
  if (calls === 0) return '';
  return ` ${countOf(calls, 'call')} without a price ${calls === 1 ? 'is' : 'are'} not in it.`;
}

function plural(granularity: Granularity): string {
  return granularity === '15m' ? 'quarters of an hour' : `${BUCKET_WORD[granularity]}s`;
}

/** `openai has 61.2 % of 1,234 tokens, followed by anthropic with 30.1 %.` */
export function describeBreakdown(noun: string, rows: readonly BreakdownRow[], totalText: string): string {
  const [first, second] = rows;
  if (!first) return `No ${noun} has used tokens in this range.`;
  if (!second) return `${first.name} used all of ${totalText}.`;
  return `${first.name} has ${first.shareText} of ${totalText}, followed by ${second.name} with ${second.shareText}.`;
}
