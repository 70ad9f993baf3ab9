import type { Receipt } from '@meterwire/client';
import { type Cell, cells, HOUR_MS, instant, usdText } from './model.ts';
import { SAMPLE_SOURCE } from './usage.ts';

const MILLION = 1_000_000;

const NO_DETAILS = {
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  cache_write_long_tokens: 0,
  audio_input_tokens: 0,
  image_input_tokens: 0,
  reasoning_tokens: 0,
  audio_output_tokens: 0,
  image_output_tokens: 0,
};

/** The row of the log that has this name, whole; undefined where there is none. */
export function receipt(id: string, now: number): Receipt | undefined {
  const [, hour = '', model] = /^sample-(\d+)-(.+)$/.exec(id) ?? [];
  const at = Number(hour) * HOUR_MS;
  const cell = cells(at, at + HOUR_MS, now).find(({ stream }) => stream.model === model);
  return cell && cell.calls > 0 ? whole(id, cell) : undefined;
}

function whole(id: string, cell: Cell): Receipt {
  const { stream, inputTokens, outputTokens, costNanos } = cell;
  const lines = [
    line('input_uncached', inputTokens, stream.inputNanos),
    line('output_visible', outputTokens, stream.outputNanos),
  ].filter(({ quantity }) => quantity > 0);
  const cost = usdText(costNanos);
  return {
    event: eventOf(id, cell),
    cost_usd: cost,
    basis: 'priced',
    explanation: 'A made-up row of the sample: its tokens at made-up rates.',
    account: {
      service_tier: 'default',
      tier_fallback: false,
      context_above: null,
      lines,
      sum_usd: cost,
      rounding_usd: '0',
      total_usd: cost,
    },
    price: {
      id: `sample-price-${stream.model}`,
      provider: stream.provider,
      model: stream.model,
      source: SAMPLE_SOURCE,
      valid_from: null,
      valid_to: null,
      in_force: true,
    },
    rated_before: [],
    voided_at: null,
  };
}

function line(bucket: string, quantity: number, rateNanos: number) {
  return {
    bucket,
    quantity,
    rate_usd: usdText(rateNanos),
    rate_usd_per_million: usdText(rateNanos * MILLION),
    amount_usd: usdText(quantity * rateNanos),
  };
}

function eventOf(id: string, { stream, at, inputTokens, outputTokens, errors }: Cell): Receipt['event'] {
  return {
    id,
    source: SAMPLE_SOURCE,
    time: instant(at),
    received_at: instant(at),
    project: stream.project,
    provider: stream.provider,
    model: stream.model,
    user: stream.user,
    operation: 'chat',
    status: errors > 0 ? 500 : 200,
    latency_ms: 640,
    usage: { ...NO_DETAILS, input_tokens: inputTokens, output_tokens: outputTokens },
    metrics: {},
    properties: {},
  };
}
