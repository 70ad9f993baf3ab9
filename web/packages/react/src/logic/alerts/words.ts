import type { AlertDelivery, Channel, ChannelType, Severity } from '@meterwire/client';
import { sentence } from '../spend/words.ts';

const KIND_LABEL: Record<string, string> = {
  budget_threshold: 'Budget threshold',
  budget_projected: 'Budget projected over',
  spend_spike: 'Spend spike',
  limit_near: 'Limit near',
  provider_failing: 'Provider failing',
  unpriced_model: 'Model without a price',
};

export function alertLabel(kind: string): string {
  return KIND_LABEL[kind] ?? sentence(kind);
}

/** What each rule watches, in a sentence. */
export const KIND_HELP: Record<string, string> = {
  budget_threshold: 'The spend of a budget has passed one of its thresholds. Each once a period.',
  budget_projected: 'At the present pace a budget will be passed before its period ends.',
  spend_spike: 'Today costs far more than the same weekday of the weeks before.',
  limit_near: 'A user, or the tenant, has used most of a limit.',
  provider_failing: 'A connection to a provider’s report has been failing.',
  unpriced_model: 'Events name a model that has no price, so its cost is not known.',
};

export interface ParamWords {
  label: string;
  help: string;
}

/** The numbers that rules go by. Their names carry the unit. */
const PARAM_WORDS: Record<string, ParamWords> = {
  min_elapsed_percent: {
    label: 'Not before, percent of the period',
    help: 'The first hours of a period tell little.',
  },
  above_percent: { label: 'Above the usual, percent', help: '100 is twice what the same weekdays cost.' },
  min_usd: { label: 'Above the usual, US dollars', help: 'Smaller spikes are not worth a message.' },
  weeks: { label: 'Weeks to compare with', help: 'The mean of the same weekday of so many weeks.' },
  percent: { label: 'From, percent of the limit', help: 'Each limit once a window.' },
  minutes: { label: 'After, minutes', help: 'How long a connection has been failing.' },
};

export function paramWords(name: string): ParamWords {
  return PARAM_WORDS[name] ?? { label: sentence(name), help: 'A whole number.' };
}

export const SEVERITY_LABEL: Record<Severity, string> = {
  info: 'Note',
  warning: 'Warning',
  critical: 'Critical',
};

export const CHANNEL_LABEL: Record<ChannelType, string> = {
  email: 'Email',
  slack: 'Slack',
  webhook: 'Webhook',
};

/** Where a channel leads to, as far as it is shown. */
export function channelPlace({ type, to, url }: Channel): string {
  if (type === 'email') return (to ?? []).join(', ');
  if (url) return url;
  return type === 'slack' ? 'An incoming webhook of Slack' : '–';
}

/** `Delivered`, `Waiting, tried 3 times`, `Failed after 12 tries` */
export function deliveryText({ state, attempts }: AlertDelivery): string {
  const tries = attempts === 1 ? 'once' : `${attempts} times`;
  switch (state) {
    case 'delivered':
      return attempts > 1 ? `Delivered at try ${attempts}` : 'Delivered';
    case 'failed':
      return attempts === 0 ? 'Given up' : `Failed, tried ${tries}`;
    case 'snoozed':
      return 'Snoozed';
    case 'pending':
      return attempts === 0 ? 'On its way' : `Waiting, tried ${tries}`;
  }
}

export type DeliveryTone = 'good' | 'bad' | 'waiting';

export function deliveryTone({ state, attempts }: AlertDelivery): DeliveryTone {
  if (state === 'delivered') return 'good';
  return state === 'failed' || (state === 'pending' && attempts > 0) ? 'bad' : 'waiting';
}
