const INTEGER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,234,567` */
export function formatInteger(value: number): string {
  return INTEGER.format(value);
}

/** The same of a difference: `+12`, `−12`, `0`. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${INTEGER.format(value)}` : INTEGER.format(value).replace('-', '−');
}

/** `1.2M`, for axes, where the exact number stands elsewhere. */
export function formatCompact(value: number): string {
  return COMPACT.format(value);
}

/** `1 call`, `1,234 calls` */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatInteger(value)} ${value === 1 ? one : many}`;
}

/** A share of a whole as `12.3 %`; tiny shares say `< 0.1 %` rather than a false zero. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${ONE_DECIMAL.format(percent)} %`;
}

/** `812 ms`, `3.4 s` */
export function formatMilliseconds(value: number): string {
  return value < 1000 ? `${INTEGER.format(value)} ms` : `${ONE_DECIMAL.format(value / 1000)} s`;
}
