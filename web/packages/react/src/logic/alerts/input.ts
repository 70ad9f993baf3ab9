import type { Channel, ChannelChange, ChannelType, NewChannel } from '@meterwire/client';
import { type Read, readUnless } from '../form.ts';

/** A channel as it stands in a form: everything is text. */
export interface ChannelDraft {
  name: string;
  type: ChannelType;
  /** Of mail: addresses with commas. */
  to: string;
  url: string;
}

const MAX_NAME = 100;
const MAX_RECIPIENTS = 20;
const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/;

export function channelDraft(channel: Channel | undefined): ChannelDraft {
  return {
    name: channel?.name ?? '',
    type: channel?.type ?? 'email',
    to: (channel?.to ?? []).join(', '),
    url: channel?.url ?? '',
  };
}

/**
 * Reads a form: what can be sent, or what is wrong where. Of Slack nobody is shown the old address, so an empty one
 * of a channel that is there already stays as it is.
 */
export function readChannel(draft: ChannelDraft, isNew: boolean): Read<NewChannel & ChannelChange> {
  const to = draft.to.split(/[\s,;]+/).filter(Boolean);
  const url = draft.url.trim();
  const keepsUrl = !isNew && draft.type === 'slack' && url === '';
  const problems = {
    name: nameProblem(draft.name.trim()),
    ...(draft.type === 'email'
      ? { to: recipientsProblem(to) }
      : { url: keepsUrl ? undefined : urlProblem(url) }),
  };
  const where = draft.type === 'email' ? { to } : keepsUrl ? {} : { url };
  return readUnless(problems, () => ({ name: draft.name.trim(), type: draft.type, ...where }));
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'Enter a name, such as Finance.';
  return name.length > MAX_NAME ? `Enter at most ${MAX_NAME} characters.` : undefined;
}

function recipientsProblem(to: readonly string[]): string | undefined {
  if (to.length === 0) return 'Enter an address, such as ops@example.com.';
  if (to.length > MAX_RECIPIENTS) return `Enter at most ${MAX_RECIPIENTS} addresses.`;
  const wrong = to.find((address) => !ADDRESS.test(address));
  return wrong && `${wrong} is no mail address.`;
}

function urlProblem(url: string): string | undefined {
  let read: URL;
  try {
    read = new URL(url);
  } catch {
    return 'Enter an address such as https://example.com/hook.';
  }
  if (read.protocol !== 'https:' && read.protocol !== 'http:') return 'Enter an address with https.';
  return read.username || read.password ? 'Enter an address without a user and password.' : undefined;
}

/** A whole number that a rule goes by. */
export function readParam(text: string): number | undefined {
  const plain = text.trim();
  return /^\d{1,9}$/.test(plain) ? Number(plain) : undefined;
}
