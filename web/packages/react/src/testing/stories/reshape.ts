/** The states of the world that stories stand in. */
export type WorldState =
  | 'live'
  | 'loading'
  | 'empty'
  | 'failed'
  | 'refused'
  | 'sample'
  | 'stale'
  | 'one row'
  | 'ten thousand rows'
  | 'long names'
  | 'negative'
  | 'huge'
  | 'right to left';

type Json = null | boolean | number | string | Json[] | Part;
interface Part {
  [key: string]: Json;
}

const MANY = 10_000;

/** The largest amount there can be: 2^63 − 1 nano-dollars. */
const MOST_USD = '9223372036.854775807';
/** The largest count there can be, as near as a number of JavaScript comes to 2^63 − 1. */
const MOST = 9.2e18;

/** Points in time and kinds, which stay as many as they are. */
const AS_MANY =
  /^(buckets|series|daily_breakdown|hourly_breakdown|dailyUsage|usage|days|periods|tenants|thresholds|causes|not_compared)$/;

/** Numbers that are no amounts. */
const NO_AMOUNT =
  /^(page|pageSize|hour|seq|threshold|thresholds|status|retention_days|history_days|days_remaining|of|n|clock_skew_seconds|at|attempts)$/;
const MONEY = /usd|cost|spen[dt]|budget|amount|savings|held|average|^input$|^output$|^mean$|^low|^high/i;
const SHARE = /percentage|change|rate|share|score/i;

/** Texts that people choose, or that are made of such texts. */
const CHOSEN =
  /^(name|title|username|user|project|projectName|model|provider|provider_name|department|team|teams|agent|budget_name|description|property|actor|closed_by|channel_name|reason|detail|why|off_because|message|last_error|recommendations|to|url|base_url|key)$/;
/** Parts whose keys are such texts. */
const BY_NAME = /^(metrics|limits|totals|project_map|key_map)$/;

const LONG = `-${'nobody-thought-that-a-name-could-be-this-long-'.repeat(2)}${'x'.repeat(40)}`;
const RIGHT_TO_LEFT = 'فريق دعم العملاء';

/** What the server would answer if the world were like that. `limit` is how many rows were asked for. */
export function reshape(state: WorldState, answer: unknown, limit: number | null): unknown {
  const body = answer as Json;
  switch (state) {
    case 'empty':
      return emptied(body, '');
    case 'one row':
      return withRows(body, '', (rows) => rows.slice(0, 1), 1);
    case 'ten thousand rows':
      return manyRows(body, limit);
    case 'long names':
      return renamed(body, '', (text) => text + LONG);
    case 'right to left':
      return renamed(body, '', (text) => `${RIGHT_TO_LEFT} ${text}`);
    case 'huge':
      return amounts(body, '', { usd: MOST_USD, count: MOST, share: 987_654.32 });
    case 'negative':
      return amounts(body, '', { usd: `-${MOST_USD}`, count: 12, share: -99.99 });
    default:
      return answer;
  }
}

function emptied(value: Json, key: string): Json {
  if (Array.isArray(value)) {
    if (!AS_MANY.test(key) && !/^(to|formats|metrics|group_by)$/.test(key)) return [];
    return value.map((one) => emptied(one, key));
  }
  if (isPart(value)) return /^(metrics|limits)$/.test(key) ? {} : eachOf(value, emptied);
  if (typeof value === 'number') return NO_AMOUNT.test(key) ? value : 0;
  return isDecimal(value) && !isName(key) ? '0' : key === 'nextCursor' ? null : value;
}

function withRows(value: Json, key: string, change: (rows: Json[]) => Json[], total: number): Json {
  if (Array.isArray(value)) {
    if (AS_MANY.test(key) || !value.some(isPart)) return value;
    // Rows within rows stay as they are.
    return change(value);
  }
  if (!isPart(value)) return key === 'total' && typeof value === 'number' ? total : value;
  return eachOf(value, (one, name) => withRows(one, name, change, total));
}

function manyRows(body: Json, limit: number | null): Json {
  const wanted = Math.min(limit ?? MANY, MANY);
  const more = (rows: Json[]) =>
    rows.length === 0
      ? rows
      : Array.from({ length: wanted }, (_, at) => numbered(rows[at % rows.length] ?? null, at, rows.length));
  const answer = withRows(body, '', more, MANY);
  return isPart(answer) && 'nextCursor' in answer && limit !== null && limit < MANY
    ? { ...answer, nextCursor: 'more' }
    : answer;
}

/** The same row again under a name of its own. */
function numbered(row: Json, at: number, known: number): Json {
  if (!isPart(row) || at < known) return row;
  return eachOf(row, (value, key) => {
    if (typeof value === 'string' && /^(id|name|title|user|slug|model|project|department)$/.test(key)) {
      return `${value} ${at}`;
    }
    return Array.isArray(value) && key === 'key'
      ? value.map((part) => (part === null ? part : `${part} ${at}`))
      : value;
  });
}

function renamed(value: Json, key: string, change: (text: string) => string): Json {
  if (Array.isArray(value)) return value.map((one) => renamed(one, key, change));
  if (isPart(value)) {
    const named = BY_NAME.test(key);
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [named ? change(name) : name, renamed(one, name, change)]),
    );
  }
  return typeof value === 'string' && isName(key) && !isMoment(value) ? change(value) : value;
}

interface Amounts {
  usd: string;
  count: number;
  share: number;
}

function amounts(value: Json, key: string, most: Amounts): Json {
  if (Array.isArray(value)) return NO_AMOUNT.test(key) ? value : value.map((one) => amounts(one, key, most));
  if (isPart(value)) return eachOf(value, (one, name) => amounts(one, name, most));
  if (isDecimal(value)) return isName(key) ? value : most.usd;
  if (typeof value !== 'number' || NO_AMOUNT.test(key)) return value;
  if (SHARE.test(key)) return most.share;
  // Whole cents stay whole.
  return !MONEY.test(key)
    ? most.count
    : Number.isInteger(value)
      ? Math.trunc(Number(most.usd))
      : Number(most.usd);
}

const isPart = (value: Json): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDecimal = (value: Json): value is string =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
const isName = (key: string) => CHOSEN.test(key);
const isMoment = (text: string) => /^\d{4}-\d{2}(-\d{2}|$)/.test(text);

function eachOf(part: Part, change: (value: Json, key: string) => Json): Part {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, change(value, key)]));
}
