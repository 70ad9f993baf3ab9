/** How many looks there are before they repeat; the last is kept for "Other". */
export const SERIES_COUNT = 6;

/** The look of a part: its place, except that the rest is always the neutral last one. */
export function seriesIndex(index: number, isOther: boolean): number {
  return isOther ? SERIES_COUNT - 1 : index % (SERIES_COUNT - 1);
}
