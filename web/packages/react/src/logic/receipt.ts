import type { Receipt } from '@meterwire/client';
import { instantInZone } from './dates.ts';
import { formatInteger, formatMilliseconds } from './number.ts';

/** What each bucket of an account is called. */
const BUCKET_LABEL: Record<string, string> = {
  input_uncached: 'Input, not cached',
  cache_read: 'Read from a cache',
  cache_write_short: 'Written to a short cache',
  cache_write_long: 'Written to a long cache',
  audio_input: 'Audio input',
  image_input: 'Image input',
  output_visible: 'Output',
  reasoning: 'Reasoning',
  audio_output: 'Audio output',
  image_output: 'Image output',
  request: 'The request itself',
};

export function bucketName(bucket: string): string {
  return BUCKET_LABEL[bucket] ?? bucket;
}

const BASIS_LABEL: Record<string, string> = {
  priced: 'Priced by its tokens',
  price_changed: 'Its price has changed since',
  price_gone: 'Its price is gone',
  given: 'Given by the sender',
  unpriced: 'No price',
  free: 'Nothing to price',
};

export function basisName(basis: string): string {
  return BASIS_LABEL[basis] ?? basis.replaceAll('_', ' ');
}

export interface Fact {
  label: string;
  value: string;
}

/** What the event said of itself; what it did not say is left out. */
export function factsOf({ event }: Receipt, tz: string): Fact[] {
  const facts: [string, string | null | undefined][] = [
    ['Time', instantInZone(event.time, tz)],
    ['Received', instantInZone(event.received_at, tz)],
    ['Project', event.project],
    ['Provider', event.provider],
    ['Model', event.model],
    ['Operation', event.operation],
    ['Service tier', event.service_tier],
    ['User', event.user],
    ['API key', event.api_key],
    ['Agent', event.agent],
    ['Department', event.department],
    ['Country', event.country],
    ['Status', event.status == null ? null : String(event.status)],
    ['Latency', event.latency_ms == null ? null : formatMilliseconds(event.latency_ms)],
    [
      'First token after',
      event.time_to_first_token_ms == null ? null : formatMilliseconds(event.time_to_first_token_ms),
    ],
    ['Request', event.request_hash],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

const TOKEN_LABEL: Record<string, string> = {
  input_tokens: 'Input',
  cached_input_tokens: 'of it read from a cache',
  cache_write_tokens: 'of it written to a short cache',
  cache_write_long_tokens: 'of it written to a long cache',
  audio_input_tokens: 'of it audio',
  image_input_tokens: 'of it images',
  output_tokens: 'Output',
  reasoning_tokens: 'of it reasoning',
  audio_output_tokens: 'of it audio',
  image_output_tokens: 'of it images',
};

/** Tokens by their buckets: input, output and, indented, what of them was special. */
export function tokensOf({ event }: Receipt): (Fact & { key: string; isPart: boolean })[] {
  const usage = event.usage as Record<string, number | undefined>;
  return Object.entries(TOKEN_LABEL).flatMap(([key, label]) => {
    const isPart = label.startsWith('of it');
    const count = usage[key] ?? 0;
    return count === 0 && isPart ? [] : [{ key, label, isPart, value: formatInteger(count) }];
  });
}

/** Everything else that the sender keeps with it. */
export function extrasOf({ event }: Receipt): Fact[] {
  const metrics = Object.entries(event.metrics).map(([label, value]) => ({ label, value }));
  const properties = Object.entries(event.properties as Record<string, unknown>).map(([label, value]) => ({
    label,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  return [...metrics, ...properties];
}
