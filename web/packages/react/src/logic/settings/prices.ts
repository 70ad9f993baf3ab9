import type { NewPrice, Price, RateName, UsageAnswer } from '@meterwire/client';
import { type Problems, type Read, readUnless } from '../form.ts';
import { isDay } from '../range.ts';
import { csvLine, parseCsv } from './csv.ts';

export const RATE_NAMES = [
  'input',
  'output',
  'cache_read',
  'cache_write_short',
  'cache_write_long',
  'reasoning',
  'audio_input',
  'audio_output',
  'image_input',
  'image_output',
  'per_request',
] as const satisfies readonly RateName[];

export const RATE_LABEL: Record<RateName, string> = {
  input: 'Input',
  output: 'Output',
  cache_read: 'Cache read',
  cache_write_short: 'Cache write, short',
  cache_write_long: 'Cache write, long',
  reasoning: 'Reasoning',
  audio_input: 'Audio input',
  audio_output: 'Audio output',
  image_input: 'Image input',
  image_output: 'Image output',
  per_request: 'Each request',
};

/** Beside input and output; without one what stands here counts. */
export const EXTRA_RATES: Record<Exclude<RateName, 'input' | 'output'>, string> = {
  cache_read: 'Like input where it is empty.',
  cache_write_short: 'Like input where it is empty.',
  cache_write_long: 'Like input where it is empty.',
  reasoning: 'Like output where it is empty.',
  audio_input: 'Like input where it is empty.',
  audio_output: 'Like output where it is empty.',
  image_input: 'Like input where it is empty.',
  image_output: 'Like output where it is empty.',
  per_request: 'Dollars a call, beside its tokens.',
};

export type PriceDraft = { provider: string; model: string; from: string; last: string } & {
  [Name in RateName]: string;
};

const DECIMAL = /^\d{1,9}(\.\d{1,12})?$/;

/** A form of a price as it stands; without one an empty form. `valid_to` is the first instant after it. */
export function priceDraft(
  price?: Price | (Partial<Price> & { provider: string; model: string }),
): PriceDraft {
  const rates = Object.fromEntries(RATE_NAMES.map((name) => [name, price?.[name] ?? '']));
  return {
    provider: price?.provider ?? '',
    model: price?.model ?? '',
    from: price?.valid_from?.slice(0, 10) ?? '',
    last: price?.valid_to?.slice(0, 10) ?? '',
    ...(rates as { [Name in RateName]: string }),
  };
}

/** The price that a person wrote, or what is wrong with it by field. */
export function readPrice(draft: PriceDraft): Read<NewPrice> {
  const problems: Problems = {};
  for (const name of ['provider', 'model'] as const) {
    if (draft[name].trim() === '') problems[name] = `Enter the ${name}, as events name it.`;
  }
  for (const name of RATE_NAMES) {
    const text = draft[name].trim();
    if (text === '' && (name === 'input' || name === 'output'))
      problems[name] = 'Enter a price, 0 where it is free.';
    else if (text !== '' && !DECIMAL.test(text)) problems[name] = 'Enter dollars such as 2.50.';
  }
  const [from, last] = [draft.from.trim(), draft.last.trim()];
  if (from !== '' && !isDay(from)) problems.from = 'Enter a day such as 2026-11-01.';
  if (last !== '' && !isDay(last)) problems.last = 'Enter a day such as 2026-12-01.';
  else if (from !== '' && last !== '' && last <= from) problems.last = 'It ends before it begins.';
  return readUnless(problems, () => {
    const rates = Object.fromEntries(
      RATE_NAMES.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, draft[name].trim()]])),
    ) as { input: string; output: string };
    return {
      provider: draft.provider.trim(),
      model: draft.model.trim(),
      ...(from ? { valid_from: from } : {}),
      ...(last ? { valid_to: last } : {}),
      ...rates,
    };
  });
}

/** Rates beside input and output, in words: `cache read $1.25, each request $0.01`. */
export function extraRates(price: Price): string {
  return RATE_NAMES.filter((name) => name !== 'input' && name !== 'output')
    .flatMap((name) => (price[name] ? [`${RATE_LABEL[name].toLowerCase()} $${price[name]}`] : []))
    .join(', ');
}

/** When it holds: `always`, `from 2026-11-01`, `until 2026-12-01`. The last day is not included, as the server says. */
export function validText({ valid_from, valid_to }: Pick<Price, 'valid_from' | 'valid_to'>): string {
  const [from, to] = [valid_from && dayOrInstant(valid_from), valid_to && dayOrInstant(valid_to)];
  if (from && to) return `${from} until ${to}`;
  if (from) return `from ${from}`;
  return to ? `until ${to}` : 'always';
}

function dayOrInstant(instant: string): string {
  return instant.replace(/T00:00:00Z$/, '');
}

export type PriceMoment = 'now' | 'later' | 'over';

export function priceMoment(
  { valid_from, valid_to }: Pick<Price, 'valid_from' | 'valid_to'>,
  now: Date,
): PriceMoment {
  if (valid_from && Date.parse(valid_from) > now.getTime()) return 'later';
  return valid_to && Date.parse(valid_to) <= now.getTime() ? 'over' : 'now';
}

export interface UnpricedModel {
  provider: string;
  model: string;
  calls: number;
}

/** Models whose calls have no price, most calls first. */
export function unpricedModels(answer: UsageAnswer): UnpricedModel[] {
  return answer.groups
    .filter(({ other, total }) => !other && (total.unpriced_calls ?? 0) > 0)
    .map(({ key, total }) => ({
      provider: key[0] ?? '',
      model: key[1] ?? '',
      calls: total.unpriced_calls ?? 0,
    }))
    .sort((a, b) => b.calls - a.calls);
}

export const PRICE_COLUMNS = ['provider', 'model', 'valid_from', 'valid_to', ...RATE_NAMES] as const;

export function pricesCsv(prices: readonly Price[]): string {
  const rows = prices.map((price) => PRICE_COLUMNS.map((name) => price[name] ?? ''));
  return [csvLine(PRICE_COLUMNS), ...rows.map((row) => csvLine(row))].join('\r\n').concat('\r\n');
}

/** A row of a file: a price to make, or why it is none. */
export type PriceRow = { line: number; price: NewPrice } | { line: number; problem: string };

const MOST_ROWS = 5_000;

/** Prices of a CSV with named columns, or of NDJSON with the same names. Throws where the file is neither. */
export function readPriceFile(text: string): PriceRow[] {
  const isJson = /^\s*\{/.test(text);
  const rows = isJson ? readJsonLines(text) : readCsvRows(text);
  if (rows.length === 0) throw new Error('The file has no rows.');
  if (rows.length > MOST_ROWS) throw new Error(`The file has more than ${MOST_ROWS} rows.`);
  return rows.map(({ line, cells }) => {
    if (typeof cells === 'string') return { line, problem: cells };
    const unknown = Object.keys(cells).find((name) => !(PRICE_COLUMNS as readonly string[]).includes(name));
    if (unknown !== undefined) return { line, problem: `“${unknown}” is nothing that a price has.` };
    const { valid_from, valid_to, ...rest } = cells;
    const draft = { ...priceDraft(), ...rest, from: day(valid_from), last: day(valid_to) };
    const read = readPrice(draft);
    if ('value' in read) return { line, price: read.value };
    const [field, problem] = Object.entries(read.problems)[0] ?? [];
    return { line, problem: `${field}: ${problem}` };
  });
}

interface FileRow {
  line: number;
  /** Values by name, or why there are none. */
  cells: Record<string, string> | string;
}

const day = (text = '') => text.replace(/T00:00:00Z$/, '');

function readCsvRows(text: string): FileRow[] {
  const [head, ...rows] = parseCsv(text);
  const names = head?.map((name) => name.trim().toLowerCase()) ?? [];
  for (const needed of ['provider', 'model', 'input', 'output']) {
    if (!names.includes(needed)) throw new Error(`The first line names no column “${needed}”.`);
  }
  return rows.map((cells, at) => ({
    line: at + 2,
    cells:
      cells.length === names.length
        ? Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']))
        : `it has ${cells.length} columns and the first line ${names.length}`,
  }));
}

function readJsonLines(text: string): FileRow[] {
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ line: at + 1, text: line }))
    .filter((row) => row.text.trim() !== '')
    .map(({ line, text: json }) => {
      try {
        const object = JSON.parse(json) as Record<string, unknown>;
        // What a price carries beside itself where it was taken from the API.
        const { id: _, source: __, ...rest } = object;
        const known = Object.entries(rest).filter(([, value]) => value !== null);
        return { line, cells: Object.fromEntries(known.map(([name, value]) => [name, String(value)])) };
      } catch {
        return { line, cells: 'it is no JSON object' };
      }
    });
}
