import type { Rerate, RerateDifference, RerateWish } from '@meterwire/client';
import { dayInZone, daySpan } from '../dates.ts';
import { type Read, readUnless } from '../form.ts';
import { formatUsdExact, formatUsdSigned, isZeroUsd } from '../money.ts';
import { countOf, formatInteger } from '../number.ts';
import { addDays, isDay } from '../range.ts';

/** Which usage, as a person enters it: the last day is included. */
export interface RerateDraft {
  from: string;
  last: string;
  provider: string;
  model: string;
  only: 'all' | 'unpriced';
}

export const RERATE_ONLY: Record<RerateDraft['only'], string> = {
  all: 'Every event',
  unpriced: 'Only events without a price',
};

/** The month so far. */
export function rerateDraft(today: string, only: RerateDraft['only']): RerateDraft {
  return { from: `${today.slice(0, 8)}01`, last: today, provider: '', model: '', only };
}

export function readRerate({ from, last, provider, model, only }: RerateDraft): Read<RerateWish> {
  const isBefore = isDay(from) && isDay(last) && last < from;
  const problems = {
    from: isDay(from) ? undefined : 'Enter the first day.',
    last: isDay(last) ? (isBefore ? 'The last day is before the first.' : undefined) : 'Enter the last day.',
  };
  return readUnless(problems, () => ({
    from,
    to: addDays(last, 1),
    only,
    ...(provider.trim() ? { provider: provider.trim() } : {}),
    ...(model.trim() ? { model: model.trim() } : {}),
  }));
}

interface RerateScope {
  from: string;
  to: string;
  provider?: string | null;
  model?: string | null;
  only: string;
}

/** `1 – 22 Nov 2026, model gpt-4o, without a price` */
export function rerateScope({ from, to, provider, model, only }: RerateScope, tz: string): string {
  const first = dayInZone(from, tz);
  const last = addDays(dayInZone(to, tz), -1);
  return [
    last < first ? first : daySpan(first, last),
    provider && `provider ${provider}`,
    model && `model ${model}`,
    only === 'unpriced' && 'only without a price',
  ]
    .filter(Boolean)
    .join(', ');
}

/** One sentence that says what would change. */
export function differenceText(difference: RerateDifference): string {
  const { events, changed, cost_before, cost_after, difference: by } = difference;
  if (events === 0) return 'No event of this range can be rated anew.';
  if (changed === 0)
    return `Nothing would change: ${countOf(events, 'event')} cost what they would cost now.`;
  const cost = isZeroUsd(by)
    ? `The cost stays ${formatUsdExact(cost_before)}.`
    : `The cost changes from ${formatUsdExact(cost_before)} to ${formatUsdExact(cost_after)}, by ${formatUsdSigned(by)}.`;
  return `${formatInteger(changed)} of ${countOf(events, 'event')} would be rated anew. ${cost}`;
}

/** What a re-rating that is over came to. */
export function rerateResult({
  state,
  changed,
  difference,
  unpriced_difference: unpriced,
  error,
}: Rerate): string {
  const so = `${countOf(changed, 'event')} rated anew, ${isZeroUsd(difference) ? 'no other cost' : formatUsdSigned(difference)}`;
  const priced = unpriced < 0 ? `, ${countOf(-unpriced, 'call')} got a price` : '';
  if (state === 'failed') return `Given up: ${error ?? 'it could not go on'}. ${so}${priced} until then.`;
  return `${so}${priced}.`;
}
