import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { contrast, distance, SIGHTS } from '../testing/colour.ts';

// What docs/design.md says can be measured, measured.

const SOURCE = join(import.meta.dirname, '..');
const DASHBOARD = join(SOURCE, '../../../dashboard/src');
const TOKENS = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Theme = Record<string, string>;

/** The colours of a theme by their names without `--mw-`. */
function theme(at: 1 | 2): Theme {
  const found = [...TOKENS.matchAll(/--mw-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
  return Object.fromEntries(found.map((match) => [match[1] ?? '', match[at + 1] ?? '']));
}

const THEMES = { light: theme(1), dark: theme(2) };
const GROUNDS = ['ground', 'surface', 'sunken'] as const;
const TEXTS = ['text', 'muted', 'accent', 'accent-strong', 'good', 'bad', 'warn'] as const;
const SERIES = [0, 1, 2, 3, 4, 5].map((at) => `series-${at}`);
const TEXT_CONTRAST = 4.5;
const MARK_CONTRAST = 3;
/** Two areas side by side are told apart from about here on. */
const APART = 9;

const color = (colours: Theme, name: string) => {
  const found = colours[name];
  if (!found) throw new Error(`no colour ${name}`);
  return found;
};

for (const [name, colours] of Object.entries(THEMES)) {
  const of = (token: string) => color(colours, token);

  test(`${name}: text can be read on every ground`, () => {
    const low = GROUNDS.flatMap((ground) =>
      TEXTS.map((text) => ({ text, ground, contrast: contrast(of(text), of(ground)) })),
    ).filter((pair) => pair.contrast < TEXT_CONTRAST);
    expect(low).toEqual([]);
    for (const [text, ground] of [
      ['on-accent', 'accent'],
      ['on-accent', 'accent-strong'],
      ['accent-strong', 'accent-soft'],
      ['text', 'accent-soft'],
      ['muted', 'accent-soft'],
      ['warn', 'warn-soft'],
      ['text', 'warn-soft'],
      ['bad', 'bad-soft'],
      ['text', 'bad-soft'],
    ] as const) {
      expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }
  });

  test(`${name}: marks and the edges of controls stand out from their ground`, () => {
    for (const mark of [...SERIES, 'border-strong']) {
      for (const ground of GROUNDS) {
        expect(contrast(of(mark), of(ground)), `${mark} on ${ground}`).toBeGreaterThanOrEqual(MARK_CONTRAST);
      }
    }
  });

  test(`${name}: every two series are told apart by every eye`, () => {
    const close = SIGHTS.flatMap((sight) =>
      SERIES.flatMap((a, at) =>
        SERIES.slice(at + 1).map((b) => ({ a, b, sight, apart: distance(of(a), of(b), sight) })),
      ),
    ).filter(({ apart }) => apart < APART);
    expect(close).toEqual([]);
  });
}

interface Declaration {
  where: string;
  property: string;
  value: string;
}

function stylesheets(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.css') && !path.endsWith('tokens.css'))
    .map((path) => join(folder, path));
}

function declarations(path: string): Declaration[] {
  // A comment keeps its lines, so that places stay right.
  const text = readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\//g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  return [...text.matchAll(/(?<=[{;]\s*)([a-z-]+):\s*([^;{}]+);/g)].map((match) => ({
    where: `${relative(SOURCE, path)}:${text.slice(0, match.index).split('\n').length}`,
    property: match[1] ?? '',
    value: (match[2] ?? '').replace(/\s+/g, ' '),
  }));
}

const ALL = [...stylesheets(SOURCE), ...stylesheets(DASHBOARD)].flatMap(declarations);

/** What breaks a rule, with its place. */
const breaking = (isBroken: (declaration: Declaration) => boolean) =>
  ALL.filter(isBroken).map(({ where, property, value }) => `${where} ${property}: ${value}`);

test('there is something to hold to it', () => {
  expect(ALL.length).toBeGreaterThan(1500);
});

test('colours are tokens', () => {
  expect(breaking(({ value }) => /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|lab)a?\(/i.test(value))).toEqual([]);
});

test('type has the sizes and weights of the scale', () => {
  const SIZE =
    /^(inherit|\d(\.\d+)?em|var\(--mw-size-\w+\)|clamp\(var\(--mw-size-\w+\), [\d.]+cqi, var\(--mw-size-\w+\)\))$/;
  expect(breaking(({ property, value }) => property === 'font-size' && !SIZE.test(value))).toEqual([]);
  expect(breaking(({ property, value }) => property === 'font' && /\dpx/.test(value))).toEqual([]);
  expect(
    breaking(({ property, value }) => property === 'font-weight' && !/^(400|500|600|inherit)$/.test(value)),
  ).toEqual([]);
});

test('space is of the scale', () => {
  const SPACE = new Set([0, 1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64]);
  // What is wider keeps room for something.
  const WIDEST = 64;
  const isSpace = /^(padding|margin|gap|row-gap|column-gap)(-|$)/;
  const isOff = (value: string) =>
    [...value.matchAll(/(-?[\d.]+)px/g)]
      .map((match) => Math.abs(Number(match[1])))
      .some((pixels) => pixels <= WIDEST && !SPACE.has(pixels));
  expect(breaking(({ property, value }) => isSpace.test(property) && isOff(value))).toEqual([]);
});

test('corners are tokens', () => {
  const CORNER = /^((0|50%|inherit|var\(--mw-radius[\w-]*\))( |$))+$/;
  const isCorner = /^border(-\w+)*-radius$/;
  expect(breaking(({ property, value }) => isCorner.test(property) && !CORNER.test(value))).toEqual([]);
});

test('what moves, moves for 120 ms', () => {
  const isSlow = (value: string) =>
    [...value.matchAll(/([\d.]+)(ms|s)\b/g)].some((match) => match[0] !== '120ms');
  expect(breaking(({ property, value }) => property.startsWith('transition') && isSlow(value))).toEqual([]);
});
