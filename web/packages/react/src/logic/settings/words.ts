import type { Report, ReportDelivery, ReportRhythm } from '@meterwire/client';

/** `tenant.update` in words; what is not known here is shown as it is. */
const VERBS: Record<string, string> = {
  create: 'made',
  update: 'changed',
  delete: 'deleted',
  revoke: 'revoked',
  rotate: 'given a new token',
  erase: 'erased',
  void: 'voided',
  split: 'split',
  limits: 'given limits',
  retention: 'given another retention',
  reset: 'reset',
  test: 'tested',
  snooze: 'snoozed',
  retry: 'sent again',
  backfill: 'asked for older days',
  mail: 'mailed by hand',
  reopen: 'opened again',
  drop: 'dropped as too old',
  token: 'given a token',
  user: 'moved to another user',
};

const THINGS: Record<string, string> = {
  key: 'API key',
  alert_rule: 'Rule',
  limits: 'Counters',
  events: 'Events',
  closing: 'Closed month',
  provider: 'Connection',
};

const WHOLE: Record<string, string> = {
  'prices.rerate': 'Re-rating begun',
  'prices.rerate.done': 'Re-rating done',
  'prices.rerate.failed': 'Re-rating given up',
};

/** `key.revoke` -> `API key revoked`. */
export function actionText(action: string): string {
  const whole = WHOLE[action];
  if (whole) return whole;
  const [thing = '', verb = ''] = action.split('.');
  const words = VERBS[verb];
  if (!words) return action;
  const name = THINGS[thing] ?? `${thing.charAt(0).toUpperCase()}${thing.slice(1)}`;
  return `${name} ${words}`;
}

/** `key:mw_ab12cd34` -> who it was, in words. */
export function actorText(actor: string): string {
  const at = actor.indexOf(':');
  if (at < 0) return actor;
  const [kind, name] = [actor.slice(0, at), actor.slice(at + 1)];
  if (kind === 'key') return `Key ${name}…`;
  if (kind === 'jwt') return `User ${name}, signed in by your app`;
  return actor;
}

export const RHYTHM_LABEL: Record<ReportRhythm, string> = {
  day: 'Every day',
  week: 'Every week',
  month: 'Every month',
};

export const RHYTHM_HELP: Record<ReportRhythm, string> = {
  day: 'Of the day before.',
  week: 'Of the week before, Monday to Sunday, on Mondays.',
  month: 'Of the month before, on its first day.',
};

/** `Every month at 07:00, Europe/Berlin` */
export function rhythmText({ every, hour, timezone }: Pick<Report, 'every' | 'hour' | 'timezone'>): string {
  return `${RHYTHM_LABEL[every]} at ${String(hour).padStart(2, '0')}:00, ${timezone}`;
}

/** `the whole tenant`, `department care` */
export function scopeText({ department, project }: Report['scope']): string {
  if (department) return `department ${department}`;
  return project ? `project ${project}` : 'the whole tenant';
}

export const DELIVERY_LABEL: Record<ReportDelivery['state'], string> = {
  delivered: 'Taken by the mail server',
  pending: 'On its way',
  failed: 'Given up',
};

/** What sending now came to. */
export function sentText(name: string, { state, last_error }: ReportDelivery): string {
  const why = last_error ? ` ${last_error}` : '';
  if (state === 'delivered') return `${name} was sent.${why}`;
  if (state === 'pending') return `${name} was not taken yet and is tried again.${why}`;
  return `${name} could not be sent.${why}`;
}

const MAX_RECIPIENTS = 20;
const ADDRESS = /^[^\s@,;]+@[^\s@,;]+$/;

/** Mail addresses between commas, semicolons, blanks or lines. */
export function readRecipients(text: string): { to: string[] } | { problem: string } {
  const to = [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
  const wrong = to.find((address) => !ADDRESS.test(address));
  if (to.length === 0) return { problem: 'Enter at least one address.' };
  if (wrong) return { problem: `“${wrong}” is not a mail address.` };
  if (to.length > MAX_RECIPIENTS) return { problem: `At most ${MAX_RECIPIENTS} addresses can be told.` };
  return { to };
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name for addresses made of one for people: `Acme Robotics` -> `acme-robotics`. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}

export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/** `35` to `3650` days, or nothing for ever. */
export function readRetention(text: string): { days: number | null } | { problem: string } {
  if (text.trim() === '') return { days: null };
  const days = Number(text.trim());
  if (!Number.isInteger(days) || days < 35 || days > 3650) {
    return { problem: 'Enter 35 to 3650 days, or nothing to keep them for ever.' };
  }
  return { days };
}

const DIMENSION = /^[a-z][a-z0-9_]{0,62}$/;

export function isDimensionName(text: string): boolean {
  return DIMENSION.test(text);
}
