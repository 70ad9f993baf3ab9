import { arc, pie } from 'd3-shape';

export interface Slice {
  index: number;
  path: string;
}

const PAD_ANGLE = 0.018;

/** Slices in the order given, clockwise from the top, around the point (0, 0). */
export function donutSlices(values: readonly number[], radius: number, thickness: number): Slice[] {
  const draw = arc<{ startAngle: number; endAngle: number; padAngle: number }>()
    .innerRadius(radius - thickness)
    .outerRadius(radius)
    .cornerRadius(2);
  const shown = values.filter((value) => value > 0).length;
  const angles = pie<number>()
    .sort(null)
    .value((value) => Math.max(0, value))
    .padAngle(shown > 1 ? PAD_ANGLE : 0)([...values]);
  return angles.flatMap((angle, index) => {
    const path = angle.value > 0 ? draw(angle) : null;
    return path ? [{ index, path }] : [];
  });
}
