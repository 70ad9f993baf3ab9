// Dollars arrive as exact decimal text. They are parsed to integers, added as such, and rounded once for showing.

const SCALE_DIGITS = 12;
const SCALE = 10n ** BigInt(SCALE_DIGITS);
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Smallest and largest number of decimals that an amount is shown with. */
const MIN_DECIMALS = 2;
const MAX_DECIMALS = 9;
const SIGNIFICANT_DIGITS = 3;

/** Dollars times 10^12. Throws on anything that is not a plain decimal: a made-up $0 would be worse. */
export function parseDecimal(text: string): bigint {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal amount: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', fraction = ''] = match;
  if (fraction.length > SCALE_DIGITS) throw new RangeError(`too many decimals: ${text}`);
  const scaled = BigInt(whole) * SCALE + BigInt(fraction.padEnd(SCALE_DIGITS, '0'));
  return sign ? -scaled : scaled;
}

/** The decimal text of a JSON number of dollars, which carries at most nine decimals. */
export function decimalOfNumber(dollars: number): string {
  return trimZeros(dollars.toFixed(MAX_DECIMALS), 0);
}

/** `$1,234.57`; below one dollar three significant digits are kept: `$0.0421`, `$0.00000012`. */
export function formatUsd(text: string, decimals = decimalsFor(text)): string {
  return withSign(text, roundTo(parseDecimal(text), decimals));
}

/** Every digit that was sent, at least two decimals: `$47.608895`. */
export function formatUsdExact(text: string): string {
  const all = roundTo(parseDecimal(text), SCALE_DIGITS);
  return withSign(text, trimZeros(all, MIN_DECIMALS));
}

export function isZeroUsd(text: string): boolean {
  return parseDecimal(text) === 0n;
}

/** The same of a difference: `+$0.10`, `−$0.10`, `$0.00`. */
export function formatUsdSigned(text: string): string {
  return parseDecimal(text) > 0n ? `+${formatUsdExact(text)}` : formatUsdExact(text);
}

/** How many decimals an amount needs so that nothing that matters is rounded away. */
export function decimalsFor(text: string): number {
  const scaled = magnitude(parseDecimal(text));
  if (scaled === 0n || scaled >= SCALE) return MIN_DECIMALS;
  const firstDigit = SCALE_DIGITS - scaled.toString().length + 1;
  const wanted = Math.min(MAX_DECIMALS, firstDigit + SIGNIFICANT_DIGITS - 1);
  const kept = trimZeros(roundTo(scaled, wanted), MIN_DECIMALS);
  return kept.length - kept.indexOf('.') - 1;
}

/** One number of decimals for a whole column, so that the points stand under each other. */
export function commonDecimals(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, decimalsFor(text)), MIN_DECIMALS);
}

/** Beside whole dollars, parts of a cent are told to so many decimals. */
const DECIMALS_BESIDE_DOLLARS = 4;

/** Writes the amounts of a column with points under each other; what is too small for that says so, never $0. */
export function usdColumn(texts: readonly string[]): (text: string) => string {
  const hasDollars = texts.some((text) => magnitude(parseDecimal(text)) >= SCALE);
  const needed = commonDecimals(texts);
  const decimals = hasDollars ? Math.min(needed, DECIMALS_BESIDE_DOLLARS) : needed;
  const smallest = 10n ** BigInt(SCALE_DIGITS - decimals);
  return (text) => {
    const amount = magnitude(parseDecimal(text));
    const isTooSmall = amount > 0n && amount * 2n <= smallest;
    return isTooSmall ? `< ${formatUsd(decimalText(smallest), decimals)}` : formatUsd(text, decimals);
  };
}

/** As many decimals as the longest of these amounts was sent with. */
export function exactDecimals(texts: readonly string[]): number {
  return texts.reduce((most, text) => {
    const [, fraction = ''] = text.split('.');
    return Math.max(most, fraction.replace(/0+$/, '').length);
  }, MIN_DECIMALS);
}

/** For placing on an axis only. */
export function decimalToNumber(text: string): number {
  return Number(text);
}

function roundTo(scaled: bigint, decimals: number): string {
  const step = 10n ** BigInt(SCALE_DIGITS - decimals);
  const positive = magnitude(scaled);
  let units = positive / step;
  const rest = (positive % step) * 2n;
  if (rest > step || (rest === step && units % 2n === 1n)) units += 1n;
  const digits = units.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === 0 ? grouped : `${grouped}.${digits.slice(-decimals)}`;
}

function withSign(text: string, shown: string): string {
  return `${text.startsWith('-') ? '−' : ''}$${shown}`;
}

function trimZeros(shown: string, keep: number): string {
  const point = shown.indexOf('.');
  if (point < 0) return shown;
  let end = shown.length;
  while (end > point + 1 + keep && shown[end - 1] === '0') end -= 1;
  return shown.slice(0, end).replace(/\.$/, '');
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The exact sum of decimal texts, as decimal text. */
export function addUsd(texts: readonly string[]): string {
  return decimalText(texts.reduce((sum, text) => sum + parseDecimal(text), 0n));
}

/** `a` less `b`, exact. */
export function subtractUsd(a: string, b: string): string {
  return decimalText(parseDecimal(a) - parseDecimal(b));
}

/** An amount shared by so many, to twelve decimals; null where there is nobody. */
export function divideUsd(text: string, by: number): string | null {
  if (!Number.isSafeInteger(by) || by <= 0) return null;
  return decimalText(parseDecimal(text) / BigInt(by));
}

function decimalText(scaled: bigint): string {
  const digits = magnitude(scaled)
    .toString()
    .padStart(SCALE_DIGITS + 1, '0');
  const text = `${digits.slice(0, -SCALE_DIGITS)}.${digits.slice(-SCALE_DIGITS)}`;
  return `${scaled < 0n ? '-' : ''}${trimZeros(text, 0)}`;
}
