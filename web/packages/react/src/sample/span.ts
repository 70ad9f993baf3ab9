import { DAY_MS, HOUR_MS, instant, startOfDay, startOfMonth } from './model.ts';

export interface Period {
  from: number;
  to: number;
}

/** The range that a question names, in UTC: sample data knows no other zone. */
export function periodOf(query: URLSearchParams, now: number): Period {
  const from = query.get('from');
  const to = query.get('to');
  if (from && to) return { from: Date.parse(from), to: Date.parse(to) };
  const today = startOfDay(now);
  const tomorrow = today + DAY_MS;
  const weekday = (new Date(now).getUTCDay() + 6) % 7;
  const days = (count: number) => ({ from: tomorrow - count * DAY_MS, to: tomorrow });
  switch (query.get('range') ?? query.get('period')) {
    case 'today':
      return days(1);
    case 'yesterday':
      return { from: today - DAY_MS, to: today };
    case '24h':
      return { from: now - DAY_MS, to: now };
    case '30d':
      return days(30);
    case '90d':
      return days(90);
    case 'week':
    case 'this_week':
      return { from: today - weekday * DAY_MS, to: today + (7 - weekday) * DAY_MS };
    case 'month':
    case 'this_month':
      return { from: startOfMonth(now), to: startOfMonth(now, 1) };
    case 'last_month':
      return { from: startOfMonth(now, -1), to: startOfMonth(now) };
    case 'year':
    case 'this_year':
      return yearOf(now);
    case '12m':
      return { from: startOfMonth(now, -11), to: startOfMonth(now, 1) };
    default:
      return days(7);
  }
}

function yearOf(now: number): Period {
  const year = new Date(now).getUTCFullYear();
  return { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
}

/** As much of the period before as has passed of this one. */
export function previousOf(period: Period, now: number): Period {
  return earlierBy(period, period.to - period.from, now);
}

const WEEK_MS = 7 * DAY_MS;

/** What a question compares its range with. */
export function comparedOf(query: URLSearchParams, period: Period, now: number): Period {
  const [first, last] = [query.get('compare_from'), query.get('compare_to')];
  if (query.get('compare') === 'custom' && first && last) {
    return { from: Date.parse(first), to: Date.parse(last) };
  }
  const byWeekday = query.get('match') === 'weekday';
  const isYear = query.get('compare') === 'last_year';
  const back = isYear ? period.from - sameDayLastYear(period.from) : period.to - period.from;
  const weeks = isYear ? Math.round(back / WEEK_MS) : Math.ceil(back / WEEK_MS);
  return earlierBy(period, byWeekday ? weeks * WEEK_MS : back, now);
}

/** As much of a period as has passed, so much earlier. */
function earlierBy({ from, to }: Period, back: number, now: number): Period {
  const passed = Math.min(to, Math.max(from, now)) - from;
  return { from: from - back, to: from - back + passed };
}

function sameDayLastYear(at: number): number {
  const date = new Date(at);
  return at - startOfDay(at) + Date.UTC(date.getUTCFullYear() - 1, date.getUTCMonth(), date.getUTCDate());
}

export interface Bucket extends Period {
  start: string;
  end: string;
  label: string;
}

/** The stretches of a period: hours, days, weeks (from Monday) or months. */
export function bucketsOf({ from, to }: Period, granularity: string): Bucket[] {
  const buckets: Bucket[] = [];
  // More than any view shows; a range is bounded long before.
  for (let at = from; at < to && buckets.length < 1_000;) {
    const end = Math.min(to, nextOf(at, granularity));
    buckets.push({
      from: at,
      to: end,
      start: instant(at),
      end: instant(end),
      label: labelOf(at, granularity),
    });
    at = end;
  }
  return buckets;
}

function nextOf(at: number, granularity: string): number {
  if (granularity === 'month') return startOfMonth(at, 1);
  if (granularity === 'week') {
    const weekday = (new Date(at).getUTCDay() + 6) % 7;
    return startOfDay(at) + (7 - weekday) * DAY_MS;
  }
  if (granularity === 'day') return startOfDay(at) + DAY_MS;
  return (Math.floor(at / HOUR_MS) + 1) * HOUR_MS;
}

function labelOf(at: number, granularity: string): string {
  const text = instant(at);
  if (granularity === 'month') return text.slice(0, 7);
  return granularity === 'day' || granularity === 'week' ? text.slice(0, 10) : text.slice(0, 16);
}
