import type { Amount } from '@meterwire/client';
import { isZone } from '../zones.ts';

const DECIMAL = /^\d+(\.\d+)?$/;
/** Of dollars, and of everything else. */
const LARGEST_COST = 1_000_000_000n;
const LARGEST = 1_000_000_000_000n;

export type ReadLimit = { value: Amount } | { problem: string };

/** A limit as a person writes it: digits, thousands with commas or spaces, a point before decimals. */
export function readLimit(metric: string, text: string): ReadLimit {
  const plain = text
    .trim()
    .replace(/^\$/, '')
    .replaceAll(/(?<=\d)[, ](?=\d{3}(\D|$))/g, '');
  if (!DECIMAL.test(plain)) {
    return { problem: plain.startsWith('-') ? 'Enter 0 or more.' : 'Enter a number such as 10 or 2.5.' };
  }
  const [whole = '0', fraction = ''] = plain.split('.');
  const most = metric === 'cost_usd' ? 9 : 6;
  if (fraction.replace(/0+$/, '').length > most) return { problem: `Enter at most ${most} decimals.` };
  const largest = metric === 'cost_usd' ? LARGEST_COST : LARGEST;
  if (BigInt(whole) > largest || (BigInt(whole) === largest && /[1-9]/.test(fraction))) {
    return { problem: `Enter at most ${largest.toLocaleString('en-US')}.` };
  }
  return { value: amountOf(plain) };
}

/** A number where it carries every digit, else the text. */
function amountOf(plain: string): Amount {
  const number = Number(plain);
  const digits = plain.replace('.', '').replace(/^0+/, '');
  return digits.length <= 15 ? number : plain;
}

const TIER_NAME = /^[a-z0-9_-]{1,64}$/;
const METRIC_NAME = /^[a-z0-9_]{1,64}$/;

export function metricNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!METRIC_NAME.test(name)) return 'Use 1 to 64 of a to z, 0 to 9 and _, such as build_minutes.';
  return taken.includes(name) ? 'There is a metric with this name already.' : undefined;
}

export function tierNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!TIER_NAME.test(name)) return 'Use 1 to 64 of a to z, 0 to 9, _ and -, such as team.';
  return taken.includes(name) ? 'There is a tier with this name already.' : undefined;
}

export function zoneProblem(zone: string): string | undefined {
  return isZone(zone) ? undefined : 'Enter a zone such as UTC or Europe/Berlin.';
}
