/** What of colours can be measured: contrast, and how far apart they are to eyes that see fewer colours. */

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

export const SIGHTS = ['every colour', 'protanopia', 'deuteranopia', 'tritanopia'] as const;
export type Sight = (typeof SIGHTS)[number];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
const SEEN: Record<Sight, Matrix> = {
  'every colour': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** WCAG's contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const times = (matrix: Matrix, of: Triple): Triple => {
  const row = (line: Triple) => line[0] * of[0] + line[1] * of[1] + line[2] * of[2];
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** Oklab, in which equal distances look about equally large. */
function oklab(light: Triple): Triple {
  const [l, m, s] = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light,
  ).map((value) => Math.cbrt(Math.max(0, value))) as [number, number, number];
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [l, m, s],
  );
}

/** How far two colours are apart to an eye, in hundredths of Oklab: below 2 nobody tells them apart. */
export function distance(a: string, b: string, sight: Sight): number {
  const seen = (hex: string) =>
    oklab(
      times(SEEN[sight], linear(hex)).map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple,
    );
  const [x, y] = [seen(a), seen(b)];
  return 100 * Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}
