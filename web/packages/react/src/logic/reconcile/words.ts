import type { ProviderConnection, ProviderName, ReconciledSide } from '@meterwire/client';
import { formatUsdExact } from '../money.ts';
import { countOf, formatInteger } from '../number.ts';
import { sentence } from '../spend/words.ts';

/** What the page about reconciliation shows beside the shared range, as it stands in the address. */
export interface ReconcileState {
  provider?: ProviderName | undefined;
}

export const PROVIDER_LABEL: Record<ProviderName, string> = { openai: 'OpenAI', anthropic: 'Anthropic' };

export function providerLabel(name: string): string {
  return PROVIDER_LABEL[name as ProviderName] ?? name;
}

const CAUSE_LABEL: Record<string, string> = {
  zone_edge: 'Zone edge',
  no_report: 'No report read',
  late_report: 'Late report',
  unknown_key: 'Unknown key',
  unpriced_model: 'Model without a price',
  missing_events: 'Missing events',
  extra_events: 'Extra events',
  price_difference: 'Price difference',
  rounding: 'Rounding',
  unexplained: 'Unexplained',
};

export function causeLabel(kind: string): string {
  return CAUSE_LABEL[kind] ?? sentence(kind);
}

/** `$1.20, 12 requests, 3,400 tokens in, 500 out`, for a pointer. */
export function sideText({ cost_usd, requests, input_tokens, output_tokens }: ReconciledSide): string {
  const asked = requests === null ? '' : `, ${countOf(requests, 'request')}`;
  return `${formatUsdExact(cost_usd)}${asked}, ${formatInteger(input_tokens)} tokens in, ${formatInteger(output_tokens)} out`;
}

export type Health = 'good' | 'bad' | 'waiting' | 'off';

export function healthOf({ enabled, state }: ProviderConnection): Health {
  if (!enabled) return 'off';
  if (state.healthy) return 'good';
  return state.last_error || state.last_success_at ? 'bad' : 'waiting';
}

/** `proj_a = support-bot, default = other` */
export function readMap(text: string): Record<string, string> | undefined {
  const entries = text
    .split(/[,\n]/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => line.split('=').map((part) => part.trim()));
  const isRead = entries.every((pair) => pair.length === 2 && pair.every(Boolean));
  return isRead ? Object.fromEntries(entries) : undefined;
}

export function mapText(map: Record<string, string>): string {
  return Object.entries(map)
    .map(([theirs, ours]) => `${theirs} = ${ours}`)
    .join(', ');
}

export const HEALTH_LABEL: Record<Health, string> = {
  good: 'Healthy',
  bad: 'Not healthy',
  waiting: 'Being asked',
  off: 'Off',
};
