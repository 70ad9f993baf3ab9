import type { CostExplanation, ExplainedModel } from '@meterwire/client';
import { decimalToNumber, formatUsd, formatUsdSigned, isZeroUsd, parseDecimal } from './money.ts';

export type EffectName = 'price' | 'volume' | 'mix';

export const EFFECT_LABEL: Record<EffectName, string> = {
  price: 'Price',
  volume: 'Volume',
  mix: 'Mix of models',
};

export const EFFECT_HELP: Record<EffectName, string> = {
  price: 'what a token costs more or less than before',
  volume: 'more or fewer tokens in all',
  mix: 'tokens that went to other models',
};

/** One step on the way from the cost before to the cost now. */
export interface Step {
  key: 'before' | EffectName | 'now';
  label: string;
  help?: string;
  /** The amount as it is shown; effects carry their sign. */
  text: string;
  /** Where its bar begins and ends, in percent of the widest. */
  start: number;
  end: number;
  direction: 'whole' | 'up' | 'down' | 'none';
}

/** The waterfall: before, three effects, now. Each begins where the one above it ends. */
export function stepsOf(answer: CostExplanation): Step[] {
  const effects = (['price', 'volume', 'mix'] as const).map((name) => ({
    name,
    amount: answer.effects[`${name}_usd`],
  }));
  const before = decimalToNumber(answer.compared_cost_usd);
  let level = before;
  const edges = effects.map(({ amount }) => {
    const start = level;
    level += decimalToNumber(amount);
    return { start, end: level };
  });
  const now = decimalToNumber(answer.cost_usd);
  const largest = Math.max(before, now, ...edges.flatMap(({ start, end }) => [start, end]), 1e-12);
  const percent = (value: number) => (Math.max(0, value) / largest) * 100;
  return [
    {
      key: 'before',
      label: 'Before',
      text: formatUsd(answer.compared_cost_usd),
      start: 0,
      end: percent(before),
      direction: 'whole',
    },
    ...effects.map(({ name, amount }, at): Step => {
      const { start = 0, end = 0 } = edges[at] ?? {};
      return {
        key: name,
        label: EFFECT_LABEL[name],
        help: EFFECT_HELP[name],
        text: signed(amount),
        start: percent(Math.min(start, end)),
        end: percent(Math.max(start, end)),
        direction: isZeroUsd(amount) ? 'none' : amount.startsWith('-') ? 'down' : 'up',
      };
    }),
    {
      key: 'now',
      label: 'Now',
      text: formatUsd(answer.cost_usd),
      start: 0,
      end: percent(now),
      direction: 'whole',
    },
  ];
}

/** `Cost rose by $12.30, from $30.00 to $42.30: volume +$10.00, price +$3.00, mix of models −$0.70.` */
export function describeCostChange(answer: CostExplanation): string {
  const { difference_usd: difference, effects } = answer;
  const span = `from ${formatUsd(answer.compared_cost_usd)} to ${formatUsd(answer.cost_usd)}`;
  if (isZeroUsd(difference)) return `Cost did not change: ${formatUsd(answer.cost_usd)} in both periods.`;
  const parts = (['price', 'volume', 'mix'] as const)
    .map((name) => ({ name, amount: effects[`${name}_usd`] }))
    .filter(({ amount }) => !isZeroUsd(amount))
    .sort((a, b) => (size(b.amount) > size(a.amount) ? 1 : -1))
    .map(({ name, amount }) => `${EFFECT_LABEL[name].toLowerCase()} ${signed(amount)}`);
  const verb = difference.startsWith('-') ? 'fell' : 'rose';
  const by = formatUsd(difference.replace('-', ''));
  return `Cost ${verb} by ${by}, ${span}: ${parts.join(', ')}.`;
}

export function modelName({ model, other }: ExplainedModel): string {
  return other ? 'All others' : (model ?? '(none)');
}

export const STATE_LABEL: Record<string, string> = { new: 'new', ended: 'ended' };

/** Rounded for reading, with its sign: `+$1.20`, `−$0.05`. */
export function signed(amount: string): string {
  return parseDecimal(amount) > 0n ? `+${formatUsd(amount)}` : formatUsd(amount);
}

/** Every digit, with its sign. */
export const signedExact = formatUsdSigned;

function size(amount: string): bigint {
  const scaled = parseDecimal(amount);
  return scaled < 0n ? -scaled : scaled;
}
