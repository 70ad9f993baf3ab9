import { expect, test } from 'vitest';
import {
  commonDecimals,
  decimalOfNumber,
  decimalsFor,
  exactDecimals,
  formatUsd,
  formatUsdExact,
  parseDecimal,
  usdColumn,
} from './money.ts';

test.each([
  ['0', '$0.00'],
  ['0.000000000', '$0.00'],
  ['0.0042', '$0.0042'],
  ['0.00421', '$0.00421'],
  ['0.004213', '$0.00421'],
  ['0.000000123', '$0.000000123'],
  ['0.000000001', '$0.000000001'],
  ['0.5', '$0.50'],
  ['0.9996', '$1.00'],
  ['1', '$1.00'],
  ['47.608895', '$47.61'],
  ['1234567.891', '$1,234,567.89'],
  ['-0.25', '−$0.25'],
])('%s is shown as %s', (text, shown) => {
  expect(formatUsd(text)).toBe(shown);
});

test('halves are rounded to the even neighbour, as the server does', () => {
  expect(formatUsd('2.125')).toBe('$2.12');
  expect(formatUsd('2.135')).toBe('$2.14');
});

test('sums beyond the precision of a float keep every digit', () => {
  expect(formatUsdExact('9007199254740993.123456789')).toBe('$9,007,199,254,740,993.123456789');
});

test('every digit that was sent is shown where it is asked for', () => {
  expect(formatUsdExact('47.608895')).toBe('$47.608895');
  expect(formatUsdExact('3')).toBe('$3.00');
});

test('a JSON number becomes the decimal that was meant, never 4.2e-7', () => {
  expect(decimalOfNumber(4.2e-7)).toBe('0.00000042');
  expect(decimalOfNumber(0.1 + 0.2)).toBe('0.3');
  expect(decimalOfNumber(12)).toBe('12');
});

test('what is not an amount is refused rather than shown as nothing', () => {
  for (const text of ['', 'NaN', '1e3', '1,5', ' 1', '0x10']) {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  }
});

test('a column takes the decimals of the row that needs most', () => {
  expect(decimalsFor('12')).toBe(2);
  expect(commonDecimals(['12', '0.0042', '0.5'])).toBe(4);
  expect(commonDecimals([])).toBe(2);
  expect(exactDecimals(['1.5', '0.123450', '2'])).toBe(5);
});

test('a column has its points under each other, and no amount becomes nothing', () => {
  const small = usdColumn(['0.5', '0.0042']);
  expect(['0.5', '0.0042', '0'].map(small)).toEqual(['$0.5000', '$0.0042', '$0.0000']);
  const large = usdColumn(['8.8423101', '0.009581', '0.00001']);
  expect(['8.8423101', '0.009581', '0.00005', '0.00006'].map(large)).toEqual([
    '$8.8423',
    '$0.0096',
    '< $0.0001',
    '$0.0001',
  ]);
  expect(usdColumn(['12', '3.5'])('3.5')).toBe('$3.50');
});
