import type { Closing } from '@meterwire/client';
import { bucketLabel, dayInZone, daySpan, todayInZone } from './dates.ts';

const MONTHS_OFFERED = 12;
const MONTH = /^\d{4}-\d{2}$/;

/** `Oct 2026`, or the first and the last day. */
export function closingName({ name }: Pick<Closing, 'name'>): string {
  if (MONTH.test(name)) return bucketLabel(name, 'month');
  const [first, last] = name.split('..');
  return first && last ? daySpan(first, last) : name;
}

/** Months that are over in the zone and of which no day is closed, the newest first. */
export function closableMonths(
  closed: readonly Pick<Closing, 'from' | 'to' | 'timezone'>[],
  zone: string,
  now: Date,
): { name: string; label: string }[] {
  const months: { name: string; label: string }[] = [];
  let [year = 0, month = 1] = todayInZone(now, zone).split('-').map(Number);
  for (let step = 0; step < MONTHS_OFFERED; step += 1) {
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
    const name = `${year}-${String(month).padStart(2, '0')}`;
    if (!closed.some((one) => touches(one, name))) months.push({ name, label: bucketLabel(name, 'month') });
  }
  return months;
}

function touches({ from, to, timezone }: Pick<Closing, 'from' | 'to' | 'timezone'>, month: string): boolean {
  const first = dayInZone(from, timezone).slice(0, 7);
  const last = dayInZone(new Date(Date.parse(to) - 1).toISOString(), timezone).slice(0, 7);
  return first <= month && month <= last;
}
