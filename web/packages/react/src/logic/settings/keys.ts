import type { ApiKey, NewKey, Role } from '@meterwire/client';
import { firstEventCurl } from '../curl.ts';
import { type Problems, type Read, readUnless } from '../form.ts';
import { isDay } from '../range.ts';

/** Keys of a tenant. Those of the instance are made on the command line. */
export const KEY_ROLES = ['ingest', 'owner', 'viewer', 'member'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

export const ROLE_LABEL: Record<Role, string> = {
  admin: 'Admin',
  owner: 'Owner',
  member: 'Member',
  viewer: 'Viewer',
  ingest: 'Ingest',
};

export const ROLE_HELP: Record<KeyRole, string> = {
  ingest: 'For your backend: records usage and takes decisions on limits, reads no page.',
  owner: 'Reads and changes everything of this tenant, these settings too.',
  viewer: 'Reads everything of this tenant and changes nothing.',
  member: 'Reads the usage of one user and consumes for it.',
};

export const EXPIRIES = ['never', '30', '90', '365', 'date'] as const;
export type Expiry = (typeof EXPIRIES)[number];

export const EXPIRY_LABEL: Record<Expiry, string> = {
  never: 'Never',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '365': 'In a year',
  date: 'On a day of your choice',
};

export interface KeyDraft {
  name: string;
  role: KeyRole;
  user: string;
  project: string;
  expiry: Expiry;
  day: string;
}

export const NEW_KEY: KeyDraft = {
  name: '',
  role: 'ingest',
  user: '',
  project: '',
  expiry: 'never',
  day: '',
};

const DAY_MS = 86_400_000;

/** The key that a person asked for, or what is wrong with it by field. */
export function readKey(draft: KeyDraft, now: Date): Read<NewKey> {
  const problems: Problems = {};
  if (draft.name.trim() === '')
    problems.name = 'Enter a name that tells where it is used, such as Production.';
  if (draft.role === 'member' && draft.user.trim() === '') {
    problems.user = 'A member key is for one user: enter its id.';
  }
  if (draft.expiry === 'date') {
    if (!isDay(draft.day)) problems.day = 'Enter the day on which it ends.';
    else if (draft.day <= now.toISOString().slice(0, 10)) problems.day = 'This day is not in the future.';
  }
  return readUnless(problems, () => {
    const expires = expiryOf(draft, now);
    return {
      name: draft.name.trim(),
      role: draft.role,
      ...(draft.user.trim() ? { user: draft.user.trim() } : {}),
      ...(draft.project.trim() ? { project: draft.project.trim() } : {}),
      ...(expires ? { expires_at: expires } : {}),
    };
  });
}

function expiryOf({ expiry, day }: KeyDraft, now: Date): string | undefined {
  if (expiry === 'never') return undefined;
  if (expiry === 'date') return day;
  return new Date(now.getTime() + Number(expiry) * DAY_MS).toISOString().slice(0, 10);
}

export type KeyState = 'active' | 'expired' | 'revoked';

export function keyState(
  { revoked_at, expires_at }: Pick<ApiKey, 'revoked_at' | 'expires_at'>,
  now: Date,
): KeyState {
  if (revoked_at) return 'revoked';
  return expires_at && Date.parse(expires_at) <= now.getTime() ? 'expired' : 'active';
}

/** Whom it acts for: `user u-42, project support-bot`. */
export function keyFor({ user, project }: Pick<ApiKey, 'user' | 'project'>): string {
  return [user && `user ${user}`, project && `project ${project}`].filter(Boolean).join(', ');
}

const STEPS: [ms: number, word: string][] = [
  [365 * DAY_MS, 'year'],
  [30 * DAY_MS, 'month'],
  [DAY_MS, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** `3 minutes ago`, `just now`; of a time to come `in 3 days`. */
export function agoText(instant: string, now: Date): string {
  const ms = now.getTime() - Date.parse(instant);
  const size = Math.abs(ms);
  const step = STEPS.find(([length]) => size >= length);
  if (!step) return ms >= 0 ? 'just now' : 'in a moment';
  const count = Math.floor(size / step[0]);
  const words = `${count} ${step[1]}${count === 1 ? '' : 's'}`;
  return ms >= 0 ? `${words} ago` : `in ${words}`;
}

/** A command that uses a new key as it is: a first event for those that record, else a question. */
export function keyCurl(
  { token, role }: { token: string; role: Role },
  { origin, tenant, now }: { origin: string; tenant?: string | undefined; now: Date },
): string {
  if (role === 'ingest' || role === 'owner' || role === 'admin') {
    return firstEventCurl({ origin, tenant, now }).replace('$METERWIRE_KEY', token);
  }
  return [`curl '${origin}/api/v1/usage/summary' \\`, `  -H 'Authorization: Bearer ${token}'`].join('\n');
}
