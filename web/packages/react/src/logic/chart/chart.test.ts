import { expect, test } from 'vitest';
import { donutSlices } from './donut.ts';
import { bands, barPath, labelledIndexes, valueScale, yOf } from './scale.ts';

const plot = { left: 40, top: 10, width: 700, height: 200 };

test('the axis begins at zero, ends above the largest value and has round steps', () => {
  expect(valueScale(99, 4, true)).toEqual({ max: 100, step: 20, ticks: [0, 20, 40, 60, 80, 100] });
  expect(valueScale(0.71, 4, false)).toMatchObject({ max: 0.8, step: 0.2 });
  expect(valueScale(3, 4, true).ticks).toEqual([0, 1, 2, 3]);
  expect(valueScale(0, 4, true)).toMatchObject({ max: 1, ticks: [0, 1] });
  expect(valueScale(0.0000003, 4, false).max).toBeGreaterThanOrEqual(0.0000003);
});

test('a value stands at its share of the height, and never outside', () => {
  const scale = valueScale(100, 4, true);
  expect(yOf(0, scale, plot)).toBe(210);
  expect(yOf(50, scale, plot)).toBe(110);
  expect(yOf(1000, scale, plot)).toBe(10);
});

test('bands cover the whole width without a hole for the pointer', () => {
  for (const count of [1, 7, 24, 90, 366]) {
    const all = bands(count, plot);
    expect(all).toHaveLength(count);
    expect(all[0]?.hitX).toBeCloseTo(40);
    const last = all.at(-1);
    expect((last?.hitX ?? 0) + (last?.hitWidth ?? 0)).toBeCloseTo(740);
    for (const { x, width, hitX, hitWidth } of all) {
      expect(x).toBeGreaterThanOrEqual(hitX - 1);
      expect(x + width).toBeLessThanOrEqual(hitX + hitWidth + 1);
    }
  }
});

test('labels never touch and the newest day always has one', () => {
  const indexes = labelledIndexes(90, 700, 64, false);
  expect(indexes.length).toBeLessThanOrEqual(10);
  expect(indexes.at(-1)).toBe(89);
  expect(labelledIndexes(7, 700, 64, false)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(labelledIndexes(24, 700, 64, true)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
  expect(labelledIndexes(0, 700, 64, false)).toEqual([]);
});

test('a bar of no height has no corners to draw', () => {
  expect(barPath(0, 10, 100, 100)).not.toMatch(/NaN|-/);
});

test('slices leave out what is nothing and close the ring when there is only one', () => {
  expect(donutSlices([70, 0, 30], 100, 30).map(({ index }) => index)).toEqual([0, 2]);
  const [whole] = donutSlices([5], 100, 30);
  expect(whole?.path).toContain('A100,100');
  expect(donutSlices([], 100, 30)).toEqual([]);
});
