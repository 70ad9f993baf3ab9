import type { Price, UsageAnswer } from '@meterwire/client';
import { dayInZone, daySpan } from './dates.ts';
import { formatUsdExact } from './money.ts';

/** A price that began to hold within the range. */
export interface PriceChange {
  /** The bar in which it began. */
  bar: number;
  text: string;
}

/** Which prices changed while the range ran, in the order of time. A model's first price is no change. */
export function priceChanges(prices: readonly Price[], answer: UsageAnswer): PriceChange[] {
  const found = prices.flatMap((price) => {
    const at = price.valid_from ? Date.parse(price.valid_from) : Number.NaN;
    const bar = answer.buckets.findIndex(({ start, end }) => Date.parse(start) <= at && at < Date.parse(end));
    if (bar < 0 || at < Date.parse(answer.from) || at >= Date.parse(answer.to)) return [];
    const earlier = before(prices, price);
    if (!earlier && price.source !== 'override') return [];
    return [{ at, bar, text: wordsOf(price, earlier, answer.tz) }];
  });
  const seen = new Set<string>();
  return found
    .sort((a, b) => a.at - b.at)
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .map(({ bar, text }) => ({ bar, text }));
}

/** The price that held before, of the same seller where there is one. */
function before(prices: readonly Price[], price: Price): Price | undefined {
  const earlier = prices.filter(
    (other) =>
      other.id !== price.id &&
      other.model === price.model &&
      other.provider === price.provider &&
      (other.valid_from ?? '') < (price.valid_from ?? ''),
  );
  return earlier.sort((a, b) => (a.valid_from ?? '').localeCompare(b.valid_from ?? '')).at(-1);
}

/** `gpt-4o (openai): new price from 16 Nov 2026, input $5.00 → $2.50, output $15.00 → $10.00 a million tokens` */
function wordsOf(price: Price, earlier: Price | undefined, tz: string): string {
  const day = dayInZone(price.valid_from ?? '', tz);
  const rates = (['input', 'output'] as const).flatMap((name) => {
    const now = price[name];
    if (!now) return [];
    const then = earlier?.[name];
    const change =
      then && then !== now ? `${formatUsdExact(then)} → ${formatUsdExact(now)}` : formatUsdExact(now);
    return [`${name} ${change}`];
  });
  const what = rates.length > 0 ? `, ${rates.join(', ')} a million tokens` : '';
  return `${price.model} (${price.provider}): new price from ${daySpan(day, day)}${what}`;
}
