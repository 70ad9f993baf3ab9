import type { CostExplanation, ExplainedModel } from '@meterwire/client';
import { type Cell, cells, instant, STREAMS, type Stream, sumOf, usdText } from './model.ts';
import { comparedOf, periodOf } from './span.ts';
import { chosen, SAMPLE_SOURCE } from './usage.ts';

interface Side {
  calls: number;
  tokens: bigint;
  cost: bigint;
}

interface Row {
  stream: Stream | null;
  now: Side;
  before: Side;
  price: bigint;
  volume: bigint;
  mix: bigint;
}

/** The change of made-up cost taken apart by the server's own rule, so it adds up by the digit as a real one does. */
export function explain(query: URLSearchParams, now: number): CostExplanation {
  const period = periodOf(query, now);
  const compared = comparedOf(query, period, now);
  const shown = chosen(cells(period.from, period.to, now), query);
  const past = chosen(cells(compared.from, compared.to, now), query);
  const [whole, wholeBefore] = [sideOf(shown), sideOf(past)];
  const rows = STREAMS.map((stream) => {
    const part = (some: readonly Cell[]) => sideOf(some.filter((cell) => cell.stream === stream));
    return { stream, now: part(shown), before: part(past) };
  })
    .filter((row) => row.now.calls + row.before.calls > 0)
    .map((row): Row => ({ ...row, ...effectsOf(row.now, row.before, whole, wholeBefore) }))
    .sort((a, b) => (sizeOf(b) > sizeOf(a) ? 1 : -1));
  const models = withRest(rows, Number(query.get('top') ?? 20));
  const total = rows.reduce(addRows, emptyRow());
  return {
    source: SAMPLE_SOURCE,
    as_of: instant(now),
    tz: 'UTC',
    from: instant(period.from),
    to: instant(period.to),
    compared: { from: instant(compared.from), to: instant(compared.to), matched: query.get('match') },
    cost_usd: usdText(total.now.cost),
    compared_cost_usd: usdText(total.before.cost),
    difference_usd: usdText(total.now.cost - total.before.cost),
    effects: effectTexts(total),
    models: models.map(told),
    unpriced_calls: 0,
    compared_unpriced_calls: 0,
  };
}

function sideOf(some: readonly Cell[]): Side {
  const { calls, tokens, costNanos } = sumOf(some);
  return { calls, tokens: BigInt(tokens), cost: BigInt(costNanos) };
}

/** Price, volume and mix of one model; two sums are rounded, and what they leave goes into the next one. */
function effectsOf(now: Side, before: Side, whole: Side, wholeBefore: Side) {
  const atOldPrice = before.tokens === 0n ? now.cost : halfEven(before.cost * now.tokens, before.tokens);
  const grown =
    wholeBefore.tokens === 0n ? atOldPrice : halfEven(before.cost * whole.tokens, wholeBefore.tokens);
  return { price: now.cost - atOldPrice, volume: grown - before.cost, mix: atOldPrice - grown };
}

/** Divides positive numbers, rounding a half to the even neighbour. */
function halfEven(dividend: bigint, divisor: bigint): bigint {
  const [quotient, left] = [dividend / divisor, (dividend % divisor) * 2n];
  const isUp = left > divisor || (left === divisor && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

function withRest(rows: readonly Row[], top: number): Row[] {
  const rest = rows.slice(top);
  return rest.length === 0 ? [...rows] : [...rows.slice(0, top), rest.reduce(addRows, emptyRow())];
}

function emptyRow(): Row {
  const nothing = { calls: 0, tokens: 0n, cost: 0n };
  return { stream: null, now: nothing, before: nothing, price: 0n, volume: 0n, mix: 0n };
}

function addRows(sum: Row, row: Row): Row {
  const both = (a: Side, b: Side) => ({
    calls: a.calls + b.calls,
    tokens: a.tokens + b.tokens,
    cost: a.cost + b.cost,
  });
  return {
    stream: null,
    now: both(sum.now, row.now),
    before: both(sum.before, row.before),
    price: sum.price + row.price,
    volume: sum.volume + row.volume,
    mix: sum.mix + row.mix,
  };
}

function sizeOf({ now, before }: Row): bigint {
  const difference = now.cost - before.cost;
  return difference < 0n ? -difference : difference;
}

function effectTexts({ price, volume, mix }: Row) {
  return { price_usd: usdText(price), volume_usd: usdText(volume), mix_usd: usdText(mix) };
}

function told(row: Row): ExplainedModel {
  const { stream, now, before } = row;
  return {
    model: stream?.model ?? null,
    provider: stream?.provider ?? null,
    other: stream === null,
    state: stream === null ? null : before.calls === 0 ? 'new' : now.calls === 0 ? 'ended' : 'both',
    calls: now.calls,
    compared_calls: before.calls,
    tokens: Number(now.tokens),
    compared_tokens: Number(before.tokens),
    cost_usd: usdText(now.cost),
    compared_cost_usd: usdText(before.cost),
    difference_usd: usdText(now.cost - before.cost),
    ...effectTexts(row),
    unpriced_calls: 0,
    compared_unpriced_calls: 0,
  };
}
